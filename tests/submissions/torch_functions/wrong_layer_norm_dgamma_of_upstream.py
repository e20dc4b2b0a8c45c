# expect: LayerNormFunction partial 12 / 15
# wrong: LayerNormFunction dgamma
import torch
from torch.autograd.function import once_differentiable


class LayerNormFunction(torch.autograd.Function):
    """y = gamma * (x - mean) / sqrt(variance + eps) + beta, both taken along each row.

    Shapes: x, y and upstream (batch, units), gamma and beta (units,); eps is a number.
    """

    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        centred = x - x.mean(dim=1, keepdim=True)
        r = 1 / torch.sqrt((centred**2).mean(dim=1, keepdim=True) + eps)  # (batch, 1)
        normal = centred * r
        ctx.save_for_backward(normal, r, gamma)
        return gamma * normal + beta

    @staticmethod
    @once_differentiable
    def backward(ctx, upstream):
        """Return dx (batch, units), dgamma (units,), dbeta (units,), and None for eps.

        None also for what is not needed. upstream has the shape (batch, units).
        """
        normal, r, gamma = ctx.saved_tensors
        dx = dgamma = dbeta = None
        if ctx.needs_input_grad[0]:
            delta = upstream * gamma
            shared = (delta * normal).mean(dim=1, keepdim=True)
            dx = r * (delta - delta.mean(dim=1, keepdim=True) - normal * shared)
        if ctx.needs_input_grad[1]:
            dgamma = upstream.sum(dim=0)
        if ctx.needs_input_grad[2]:
            dbeta = upstream.sum(dim=0)
        return dx, dgamma, dbeta, None
