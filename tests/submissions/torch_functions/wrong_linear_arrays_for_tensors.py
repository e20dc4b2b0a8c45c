# expect: LinearFunction stopped 0 / 13
# torch wants tensors
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
        x, W = (one.detach().numpy() for one in ctx.saved_tensors)
        up = upstream.detach().numpy()
        return up @ W.T, x.T @ up, up.sum(axis=0)
