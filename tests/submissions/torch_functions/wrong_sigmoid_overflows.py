# expect: SigmoidFunction partial 3 / 7
# wrong: SigmoidFunction dx
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
        (x,) = ctx.saved_tensors
        e = torch.exp(-x)
        return upstream * e / (1 + e) ** 2
