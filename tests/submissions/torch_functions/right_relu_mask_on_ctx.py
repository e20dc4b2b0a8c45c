# expect: ReLUFunction correct 5 / 5
import torch
from torch.autograd.function import once_differentiable


class ReLUFunction(torch.autograd.Function):
    """y = max(x, 0), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        ctx.mask = torch.heaviside(x, torch.zeros_like(x))
        return x * ctx.mask

    @staticmethod
    @once_differentiable
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * ctx.mask.to(upstream.dtype)
