# expect: Affine correct 6 / 6
# the bias as one more row of W; the results are views
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
        padded = np.hstack([self.x, np.ones((len(self.x), 1))])
        both = padded.T @ upstream
        self.dW, self.db = both[:-1], both[-1]
        return upstream @ np.vstack([self.W, self.b]).T[:, :-1]
