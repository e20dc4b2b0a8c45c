# expect: SigmoidFunction wrong 0 / 7
# wrong: SigmoidFunction dx ddx ddupstream
# saves x and takes it for y
import torch


class SigmoidFunction(torch.autograd.Function):
    """y = 1 / (1 + exp(-x)), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.sigmoid(x)

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units). Can be differentiated again."""
        (y,) = ctx.saved_tensors
        return upstream * y * (1 - y)
