# expect: RMSNorm partial 2 / 10
# wrong: RMSNorm dx
# copied from LayerNorm, mean included
import numpy as np


class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        g = self.gamma * upstream
        inner = g - g.mean(axis=-1, keepdims=True)
        return (inner - self.xhat * np.mean(g * self.xhat, axis=-1, keepdims=True)) / self.rms
