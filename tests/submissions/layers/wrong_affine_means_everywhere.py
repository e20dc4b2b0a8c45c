# expect: Affine wrong 0 / 6
# wrong: Affine dx dW db
# the whole gradient divided by N
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
        n = len(self.x)
        self.dW = self.x.T @ upstream / n
        self.db = upstream.mean(axis=0)
        return upstream @ self.W.T / n
