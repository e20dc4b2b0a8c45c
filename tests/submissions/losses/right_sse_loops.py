# expect: SumSquaredError correct 6 / 6

import numpy as np


class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        N, M = self.error.shape
        d = np.zeros((N, M))
        for n in range(N):
            for m in range(M):
                d[n, m] = 2 * self.error[n, m]
        return d
