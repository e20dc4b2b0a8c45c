# expect: ReLUFunction wrong 0 / 5
# wrong: ReLUFunction dx
# right in every number, and not an answer
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
        _, slope = torch.func.jvp(torch.relu, (x,), (torch.ones_like(x),))
        return upstream * slope
