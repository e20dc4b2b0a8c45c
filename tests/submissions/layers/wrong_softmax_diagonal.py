# expect: Softmax wrong 0 / 12
# wrong: Softmax dx
# SM1
import numpy as np


class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * self.y * (1 - self.y)
