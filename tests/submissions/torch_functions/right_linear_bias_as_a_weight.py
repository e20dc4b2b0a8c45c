# expect: LinearFunction correct 13 / 13
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
        extended = torch.cat([x, torch.ones_like(x[:, :1])], dim=1)
        both = extended.T @ upstream
        dx = upstream @ W.T if ctx.needs_input_grad[0] else None
        dW = both[:-1] if ctx.needs_input_grad[1] else None
        db = both[-1] if ctx.needs_input_grad[2] else None
        return dx, dW, db
