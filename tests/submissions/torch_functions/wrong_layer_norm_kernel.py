# expect: LayerNormFunction wrong 0 / 15
# wrong: LayerNormFunction dx dgamma dbeta returned
# torch's own kernel of the derivative
import torch


class LayerNormFunction(torch.autograd.Function):
    """y = gamma * (x - mean) / sqrt(variance + eps) + beta, both taken along each row.

    Shapes: x, y and upstream (batch, units), gamma and beta (units,); eps is a number.
    """

    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        ctx.save_for_backward(x, gamma, beta)
        ctx.eps = eps
        return torch.nn.functional.layer_norm(x, gamma.shape, gamma, beta, eps)

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), dgamma (units,), dbeta (units,), and None for eps.

        None also for what is not needed. upstream has the shape (batch, units).
        """
        x, gamma, beta = ctx.saved_tensors
        mean = x.mean(dim=1, keepdim=True)
        r = (x.var(dim=1, keepdim=True, correction=0) + ctx.eps) ** -0.5
        needs = list(ctx.needs_input_grad[:3])
        found = torch.ops.aten.native_layer_norm_backward(
            upstream, x, gamma.shape, mean, r, gamma, beta, needs
        )
        return *(one if needed else None for one, needed in zip(found, needs, strict=True)), None
