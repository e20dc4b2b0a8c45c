# expect: Embedding wrong 0 / 6
# wrong: Embedding dW
# EM2
import numpy as np


class Embedding:
    """y[n, t] = W[tokens[n, t]].

    Shapes: tokens (batch, time) of integers, W (words, units), y and upstream (batch, time, units).
    """

    def __init__(self, W: np.ndarray) -> None:
        self.W = W

    def forward(self, tokens: np.ndarray) -> np.ndarray:
        self.tokens = tokens
        return self.W[tokens]

    def backward(self, upstream: np.ndarray) -> None:
        """Set dW (words, units), given upstream (batch, time, units). Return nothing."""
        self.dW = np.zeros(self.W.shape)
        for n, t in np.ndindex(self.tokens.shape):
            self.dW[self.tokens[n, t]] = upstream[n, t]
