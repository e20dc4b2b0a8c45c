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
        needs_x, needs_W, needs_b = ctx.needs_input_grad
        return (
            torch.einsum("nu,iu->ni", upstream, W) if needs_x else None,
            torch.einsum("ni,nu->iu", x, upstream) if needs_W else None,
            torch.einsum("nu->u", upstream) if needs_b else None,
        )
