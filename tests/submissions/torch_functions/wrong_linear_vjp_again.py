# expect: LinearFunction wrong 0 / 13
# wrong: LinearFunction dx dW db returned ddx ddW ddupstream
# right in every number, and not an answer
import torch


class LinearFunction(torch.autograd.Function):
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y and upstream (batch, units).
    """

    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W)
        return x @ W + b

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, inputs), dW (inputs, units), db (units,), None where not needed.

        upstream has the shape (batch, units). Can be differentiated again.
        """
        x, W = ctx.saved_tensors
        b = torch.zeros_like(upstream[0])
        _, pull = torch.func.vjp(lambda x, W, b: x @ W + b, x, W, b)
        found = pull(upstream)
        return tuple(
            one if needed else None for one, needed in zip(found, ctx.needs_input_grad, strict=True)
        )
