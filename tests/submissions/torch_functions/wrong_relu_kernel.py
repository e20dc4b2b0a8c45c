# expect: ReLUFunction wrong 0 / 5
# wrong: ReLUFunction dx
# torch's own kernel of the derivative
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
        return torch.ops.aten.threshold_backward(upstream, x, 0)
