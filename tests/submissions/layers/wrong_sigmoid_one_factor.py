# expect: Sigmoid wrong 0 / 8
# wrong: Sigmoid dx
# SG4
import numpy as np


class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * (1 - self.y)
