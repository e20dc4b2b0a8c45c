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
        p, targets = ctx.saved_tensors
        onehot = torch.nn.functional.one_hot(targets, p.shape[1])
        count = len(targets) if ctx.reduction == "mean" else 1
        return upstream * (onehot - p) / count, None, None
