# expect: Sigmoid wrong 0 / 8
# wrong: Sigmoid dx
# SG3
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
        s = 1 / (1 + np.exp(-self.y))
        return upstream * s * (1 - s)
