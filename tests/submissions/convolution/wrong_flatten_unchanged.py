# expect: Flatten wrong 0 / 4
# wrong: Flatten dx
# the shape is left flat
import numpy as np


class Flatten:
    """y = x with all axes but the first in one.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels * rows * columns).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels * rows * columns).
        """
        return upstream
