# expect: Affine correct 6 / 6

import numpy as np


class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        dW, db, dx = 0, 0, []
        for row, g in zip(self.x, upstream, strict=True):
            dW = dW + np.outer(row, g)
            db = db + g
            dx.append(self.W @ g)
        self.dW, self.db = dW, db
        return np.array(dx)
