# expect: ReLU correct 6 / 6
# right, although the caller's array is destroyed: a finding that costs nothing
import numpy as np


class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        upstream[self.x <= 0] = 0
        return upstream
