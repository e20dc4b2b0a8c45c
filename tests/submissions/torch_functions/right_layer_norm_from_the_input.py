# expect: LayerNormFunction correct 15 / 15
import torch


class LayerNormFunction(torch.autograd.Function):
    """y = gamma * (x - mean) / sqrt(variance + eps) + beta, both taken along each row.

    Shapes: x, y and upstream (batch, units), gamma and beta (units,); eps is a number.
    """

    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ctx.save_for_backward(x, gamma)
        ctx.eps = eps
        return torch.nn.functional.layer_norm(x, gamma.shape, gamma, beta, eps)

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), dgamma (units,), dbeta (units,), and None for eps.

        None also for what is not needed. upstream has the shape (batch, units).
        """
        x, gamma = ctx.saved_tensors
        variance, mean = torch.var_mean(x, dim=1, correction=0, keepdim=True)
        deviation = (variance + ctx.eps).sqrt()
        centred = x - mean
        dx = dgamma = dbeta = None
        if ctx.needs_input_grad[0]:
            delta = upstream * gamma / deviation
            dvariance = -(delta * centred).sum(1, keepdim=True) / deviation**2 / 2
            dx = delta - delta.mean(1, keepdim=True) + 2 * centred * dvariance / x.shape[1]
        if ctx.needs_input_grad[1]:
            dgamma = torch.sum(upstream * centred / deviation, 0)
        if ctx.needs_input_grad[2]:
            dbeta = torch.sum(upstream, 0)
        return dx, dgamma, dbeta, None
