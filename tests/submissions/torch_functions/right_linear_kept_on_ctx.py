# expect: LinearFunction correct 13 / 13
# inputs may be kept as attributes
import torch


class LinearFunction(torch.autograd.Function):
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y and upstream (batch, units).
    """

    @staticmethod
    def forward(ctx, x, W, b):
        ctx.x, ctx.W = x, W
        return x @ W + b

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, inputs), dW (inputs, units), db (units,), None where not needed.

        upstream has the shape (batch, units). Can be differentiated again.
        """
        dx = upstream @ ctx.W.T if ctx.needs_input_grad[0] else None
        dW = ctx.x.T @ upstream if ctx.needs_input_grad[1] else None
        db = upstream.sum(dim=0) if ctx.needs_input_grad[2] else None
        return dx, dW, db
