# expect: LinearFunction partial 10 / 13
# wrong: LinearFunction db ddupstream
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
        dx = dW = db = None
        if ctx.needs_input_grad[0]:
            dx = upstream @ W.T
        if ctx.needs_input_grad[1]:
            dW = x.T @ upstream
        if ctx.needs_input_grad[2]:
            db = upstream.mean(dim=0)
        return dx, dW, db
