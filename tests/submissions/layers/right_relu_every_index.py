# expect: ReLU correct 6 / 6

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
        dx = np.empty(self.x.shape)
        for at in np.ndindex(*self.x.shape):
            dx[at] = upstream[at] if self.x[at] > 0 else 0.0
        return dx
