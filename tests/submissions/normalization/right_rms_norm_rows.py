# expect: RMSNorm correct 10 / 10
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
        dx = np.empty_like(upstream)
        self.dgamma = np.zeros(upstream.shape[1])
        for n in range(len(upstream)):
            xhat, g = self.xhat[n], upstream[n] * self.gamma
            self.dgamma += upstream[n] * xhat
            dx[n] = (g - xhat * (g @ xhat) / len(xhat)) / self.rms[n]
        return dx
