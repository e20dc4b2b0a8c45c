# expect: BatchNorm partial 8 / 20
# wrong: BatchNorm dx
# BN1: mean and variance taken for constants
import numpy as np


class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        self.dbeta = np.sum(upstream, axis=0)
        return self.gamma * upstream / self.std
