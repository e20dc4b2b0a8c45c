# expect: SoftmaxCrossEntropy correct 12 / 12

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
        d = np.zeros_like(self.p)
        for n in range(d.shape[0]):
            for c in range(d.shape[1]):
                d[n, c] = self.p[n, c] - (1 if c == self.targets[n] else 0)
        return d / d.shape[0]
