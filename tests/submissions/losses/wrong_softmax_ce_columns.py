# expect: SoftmaxCrossEntropy wrong 0 / 12
# wrong: SoftmaxCrossEntropy dscores
# CE6
import numpy as np


class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        d = self.p.copy()
        d[:, self.targets] -= 1
        return d / len(d)
