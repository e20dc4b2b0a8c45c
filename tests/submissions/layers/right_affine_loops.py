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
        N, D = self.x.shape
        M = self.W.shape[1]
        self.dW = np.zeros((D, M))
        self.db = np.zeros(M)
        dx = np.zeros((N, D))
        for n in range(N):
            for j in range(M):
                self.db[j] += upstream[n, j]
                for i in range(D):
                    self.dW[i, j] += self.x[n, i] * upstream[n, j]
                    dx[n, i] += self.W[i, j] * upstream[n, j]
        return dx
