# expect: LinearFunction correct 13 / 13
# in place, but into new tensors; autograd can follow
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
        dx = torch.zeros_like(x) if ctx.needs_input_grad[0] else None
        dW = torch.zeros_like(W) if ctx.needs_input_grad[1] else None
        for n in range(len(x)):
            if dx is not None:
                dx[n] = W @ upstream[n]
            if dW is not None:
                dW += torch.outer(x[n], upstream[n])
        return dx, dW, upstream.sum(dim=0) if ctx.needs_input_grad[2] else None
