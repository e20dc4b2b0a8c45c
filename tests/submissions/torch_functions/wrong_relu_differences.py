# expect: ReLUFunction wrong 0 / 5
# wrong: ReLUFunction dx
# by central differences
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
        return upstream * (torch.relu(x + 1e-6) - torch.relu(x - 1e-6)) / 2e-6
