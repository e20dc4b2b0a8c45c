# expect: Affine correct 6 / 6
# plain lists
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
        columns = list(zip(*upstream.tolist(), strict=True))
        self.db = [sum(c) for c in columns]
        self.dW = [
            [sum(a * b for a, b in zip(xi, c, strict=True)) for c in columns]
            for xi in self.x.T.tolist()
        ]
        return [
            [sum(a * b for a, b in zip(w, g, strict=True)) for w in self.W.tolist()]
            for g in upstream.tolist()
        ]
