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
        gradients = [None, None, None]
        for place, formula in enumerate(
            (lambda: upstream.mm(W.t()), lambda: x.t().mm(upstream), lambda: upstream.sum(0))
        ):
            if ctx.needs_input_grad[place]:
                gradients[place] = formula()
        return tuple(gradients)
