# expect: ReLUFunction correct 5 / 5
import torch


class ReLUFunction(torch.autograd.Function):
    """y = max(x, 0), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        y = x.clamp(min=0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        (y,) = ctx.saved_tensors
        return upstream.masked_fill(y == 0, 0)
