# expect: HingeLoss wrong 0 / 8
# wrong: HingeLoss dscores
# HI4
import numpy as np


class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        d = self.terms.copy()
        d[np.arange(len(d)), self.targets] = -d.sum(axis=1)
        return d / len(d)
