# expect: SigmoidFunction partial 5 / 7
# wrong: SigmoidFunction ddx
import torch


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
        y = ctx.saved_tensors[0].detach()
        return upstream * y * (1 - y)
