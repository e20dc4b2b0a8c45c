# expect: LayerNormFunction correct 15 / 15
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
        needs = ctx.needs_input_grad
        D, delta = normal.size(-1), torch.mul(upstream, gamma)
        total, weighted = delta.sum(-1, True), torch.einsum("ni,ni->n", delta, normal)[:, None]
        return (
            (D * delta - total - normal * weighted) * r / D if needs[0] else None,
            torch.einsum("ni,ni->i", upstream, normal) if needs[1] else None,
            torch.einsum("ni->i", upstream) if needs[2] else None,
            None,
        )
