# expect: SigmoidFunction correct 7 / 7
import torch


def slope(y):
    """Of the sigmoid, from its value."""
    return 0.25 - (y - 0.5).square()


class SigmoidFunction(torch.autograd.Function):
    """y = 1 / (1 + exp(-x)), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units). Can be differentiated again."""
        (y,) = ctx.saved_tensors
        return torch.mul(upstream, slope(y))
