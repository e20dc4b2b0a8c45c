# expect: ReLUFunction correct 5 / 5
import torch


class ReLUFunction(torch.autograd.Function):
    """y = max(x, 0), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        (x,) = ctx.saved_tensors
        dx = upstream.clone()
        dx[x <= 0] = 0
        return dx
