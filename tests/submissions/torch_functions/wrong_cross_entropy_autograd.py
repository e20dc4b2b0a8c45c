# expect: SoftmaxCrossEntropyFunction wrong 0 / 10
# wrong: SoftmaxCrossEntropyFunction dscores
import torch
from torch.autograd.function import once_differentiable


class SoftmaxCrossEntropyFunction(torch.autograd.Function):
    """Minus the logarithm of the probability of the right class: mean or sum over the batch.

    Shapes: scores (batch, classes), targets (batch,) of integers; the loss and upstream ().
    reduction is "mean" or "sum".
    """

    @staticmethod
    def forward(ctx, scores, targets, reduction):
        log_p = torch.log_softmax(scores, dim=1)
        losses = -log_p[torch.arange(len(targets)), targets]
        ctx.save_for_backward(log_p.exp(), targets)
        ctx.reduction = reduction
        return losses.mean() if reduction == "mean" else losses.sum()

    @staticmethod
    @once_differentiable
    def backward(ctx, upstream):
        """Return dscores (batch, classes), and None for targets and for reduction.

        upstream has the shape ().
        """
        log_p = ctx.saved_tensors[0].log().clamp(min=-700).requires_grad_()
        with torch.enable_grad():
            loss = torch.nn.functional.cross_entropy(
                log_p, ctx.saved_tensors[1], reduction=ctx.reduction
            )
            torch.autograd.backward(loss, upstream)
        return log_p.grad, None, None
