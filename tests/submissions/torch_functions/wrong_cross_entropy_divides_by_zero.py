# expect: SoftmaxCrossEntropyFunction wrong 0 / 10
# wrong: SoftmaxCrossEntropyFunction dscores
# divides by a probability that is 0 where scores go up to 10000
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
        chosen = p[torch.arange(len(p)), targets]
        jacobians = torch.diag_embed(p) - p[:, :, None] * p[:, None, :]
        dscores = -jacobians[torch.arange(len(p)), targets] / chosen[:, None]
        return upstream * (dscores / len(p) if ctx.reduction == "mean" else dscores), None, None
