# expect: SoftmaxCrossEntropyFunction wrong 0 / 10
# wrong: SoftmaxCrossEntropyFunction dscores
# right in every number, but autograd found them while forward ran
import torch


class SoftmaxCrossEntropyFunction(torch.autograd.Function):
    """Minus the logarithm of the probability of the right class: mean or sum over the batch.

    Shapes: scores (batch, classes), targets (batch,) of integers; the loss and upstream ().
    reduction is "mean" or "sum".
    """

    @staticmethod
    def forward(ctx, scores, targets, reduction):
        with torch.enable_grad():
            z = scores.detach().requires_grad_()
            loss = torch.nn.functional.cross_entropy(z, targets, reduction=reduction)
            (ctx.slope,) = torch.autograd.grad(loss, z)
        return loss.detach()

    @staticmethod
    def backward(ctx, upstream):
        """Return dscores (batch, classes), and None for targets and for reduction.

        upstream has the shape ().
        """
        return upstream * ctx.slope, None, None
