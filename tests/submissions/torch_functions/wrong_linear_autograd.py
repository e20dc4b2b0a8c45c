# expect: LinearFunction wrong 0 / 13
# wrong: LinearFunction dx dW db returned ddx ddW ddupstream
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
        x, W = (one.detach().requires_grad_() for one in ctx.saved_tensors)
        b = torch.zeros(W.shape[1], dtype=W.dtype, requires_grad=True)
        with torch.enable_grad():
            y = x @ W + b
        return torch.autograd.grad(y, (x, W, b), upstream)
