# expect: LeakyReLU correct 6 / 6

import numpy as np


class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        f = np.vectorize(lambda x, g: g if x > 0 else self.slope * g)
        return f(self.x, upstream)
