# expect: ReLUFunction correct 5 / 5
# a tuple of one
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
        x = ctx.saved_tensors[0].reshape(-1)
        flat = upstream.reshape(-1) * (x.sign() + x.sign().abs()) / 2
        return (flat.reshape(upstream.shape),)
