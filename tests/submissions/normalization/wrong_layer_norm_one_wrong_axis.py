# expect: LayerNorm partial 4 / 14
# wrong: LayerNorm dx
# LN2
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
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        self.dbeta = np.sum(upstream, axis=0)

        g = self.gamma * upstream
        through_std = self.xhat * np.mean(g * self.xhat, axis=0)
        return (g - g.mean(axis=-1, keepdims=True) - through_std) / self.std
