# expect: ReLUFunction wrong 0 / 5
# wrong: ReLUFunction dx
# the engine under a name that was taken before anything was called
import torch

ENGINE = torch.autograd.Variable._execution_engine


class ReLUFunction(torch.autograd.Function):
    """y = max(x, 0), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        (x,) = ctx.saved_tensors
        with torch.enable_grad():
            x = x.detach().requires_grad_()
            y = torch.relu(x)
        (dx,) = ENGINE.run_backward((y,), (upstream,), False, False, (x,), accumulate_grad=False)
        return dx
