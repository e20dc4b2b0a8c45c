# expect: ReLUFunction wrong 0 / 5
# wrong: ReLUFunction dx
# forward mode under names that were imported at the top
import torch
from torch.autograd.forward_ad import dual_level, make_dual, unpack_dual


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
        with dual_level():
            return unpack_dual(torch.relu(make_dual(x.detach(), upstream))).tangent
