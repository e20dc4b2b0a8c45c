# expect: Embedding wrong 0 / 6
# wrong: Embedding dW
# never set to zero again
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
        if not hasattr(self, "dW"):
            self.dW = np.zeros(self.W.shape)
        np.add.at(self.dW, self.tokens, upstream)
