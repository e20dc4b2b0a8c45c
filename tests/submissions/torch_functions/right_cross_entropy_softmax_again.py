# expect: SoftmaxCrossEntropyFunction correct 10 / 10
# saves the scores, and so can be differentiated again
import torch


class SoftmaxCrossEntropyFunction(torch.autograd.Function):
    """Minus the logarithm of the probability of the right class: mean or sum over the batch.

    Shapes: scores (batch, classes), targets (batch,) of integers; the loss and upstream ().
    reduction is "mean" or "sum".
    """

    @staticmethod
    def forward(ctx, scores, targets, reduction):
        log_p = torch.log_softmax(scores, dim=1)
        losses = -log_p.gather(1, targets[:, None])[:, 0]
        ctx.save_for_backward(scores, targets)
        ctx.reduction = reduction
        ctx.mark_non_differentiable(targets)
        return losses.mean() if reduction == "mean" else losses.sum()

    @staticmethod
    def backward(ctx, upstream):
        """Return dscores (batch, classes), and None for targets and for reduction.

        upstream has the shape ().
        """
        scores, targets = ctx.saved_tensors
        shifted = scores - scores.amax(dim=1, keepdim=True)
        p = shifted.exp() / shifted.exp().sum(dim=1, keepdim=True)
        eye = torch.eye(scores.shape[1], dtype=scores.dtype)
        each = upstream.expand(len(p)) / (len(p) if ctx.reduction == "mean" else 1)
        return each[:, None] * (p - eye[targets]), None, None
