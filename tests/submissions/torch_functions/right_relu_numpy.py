# expect: ReLUFunction correct 5 / 5
import numpy as np
import torch
from torch.autograd.function import once_differentiable


class ReLUFunction(torch.autograd.Function):
    """y = max(x, 0), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    @once_differentiable
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        x = ctx.saved_tensors[0].detach().numpy()
        return torch.from_numpy(np.where(x > 0, upstream.numpy(), 0.0))
