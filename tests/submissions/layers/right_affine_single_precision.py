# expect: Affine correct 6 / 6
# float32 inside and outside
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
        x, g, W = (a.astype(np.float32) for a in (self.x, upstream, self.W))
        self.dW = x.T @ g
        self.db = g.sum(0)
        return g @ W.T
