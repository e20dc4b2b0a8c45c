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
        (rows, inputs), units = x.shape, W.shape[1]
        dx = dW = db = None
        if ctx.needs_input_grad[0]:
            dx = torch.stack(
                [
                    torch.stack([(upstream[n] * W[i]).sum() for i in range(inputs)])
                    for n in range(rows)
                ]
            )
        if ctx.needs_input_grad[1]:
            dW = torch.zeros_like(W)
            for n in range(rows):
                dW = dW + torch.outer(x[n], upstream[n])
        if ctx.needs_input_grad[2]:
            db = torch.stack([upstream[:, u].sum() for u in range(units)])
        return dx, dW, db
