# expect: LayerNorm correct 14 / 14
# example by example, Jacobian of each row
import numpy as np


class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        dx = []
        self.dgamma, self.dbeta = 0, 0
        for xhat, std, row in zip(self.xhat, self.std, upstream):
            d = len(row)
            jacobian = (np.eye(d) - 1 / d - np.outer(xhat, xhat) / d) / std
            dx.append(jacobian @ (row * self.gamma))
            self.dgamma = self.dgamma + row * xhat
            self.dbeta = self.dbeta + row
        return np.array(dx)
