# expect: MSELoss wrong 0 / 6
# wrong: MSELoss dscores
# MS4
import numpy as np


class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return 2 * np.abs(self.error) / self.error.size
