# expect: LayerNormFunction correct 15 / 15
import torch
from torch.autograd.function import once_differentiable


class LayerNormFunction(torch.autograd.Function):
    """y = gamma * (x - mean) / sqrt(variance + eps) + beta, both taken along each row.

    Shapes: x, y and upstream (batch, units), gamma and beta (units,); eps is a number.
    """

    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        centred = x - x.mean(dim=1, keepdim=True)
        r = 1 / torch.sqrt((centred**2).mean(dim=1, keepdim=True) + eps)  # (batch, 1)
        normal = centred * r
        ctx.save_for_backward(normal, r, gamma)
        return gamma * normal + beta

    @staticmethod
    @once_differentiable
    def backward(ctx, upstream):
        """Return dx (batch, units), dgamma (units,), dbeta (units,), and None for eps.

        None also for what is not needed. upstream has the shape (batch, units).
        """
        normal, r, gamma = ctx.saved_tensors
        D = normal.shape[1]
        dx = dgamma = dbeta = None
        if ctx.needs_input_grad[0]:
            dx = torch.empty_like(normal)
            for n, row in enumerate(normal):
                jacobian = r[n] * (
                    torch.eye(D, dtype=row.dtype) - 1 / D - torch.outer(row, row) / D
                )
                dx[n] = jacobian @ (gamma * upstream[n])
        if ctx.needs_input_grad[1]:
            dgamma = sum(upstream[n] * normal[n] for n in range(len(normal)))
        if ctx.needs_input_grad[2]:
            dbeta = sum(upstream)
        return dx, dgamma, dbeta, None
