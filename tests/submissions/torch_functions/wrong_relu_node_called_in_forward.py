# expect: ReLUFunction wrong 0 / 5
# wrong: ReLUFunction dx
# a node of torch's graph, called by itself: the engine never runs
import torch


class ReLUFunction(torch.autograd.Function):
    """y = max(x, 0), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        with torch.enable_grad():
            y = torch.relu(x.detach().requires_grad_())
        ctx.save_for_backward(y.grad_fn(torch.ones_like(y)))
        return y.detach()

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        (slope,) = ctx.saved_tensors
        return upstream * slope
