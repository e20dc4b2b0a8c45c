# expect: RNNCell correct 12 / 12
# input and state side by side, one matrix; a list is returned
import numpy as np


class RNNCell:
    """One step: tanh(x Wx + h Wh + b).

    Shapes: x (batch, inputs), h (batch, units), Wx (inputs, units), Wh (units, units), b (units,);
    the output and upstream (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        self.x, self.h = x, h
        self.h_next = np.tanh(x @ self.Wx + h @ self.Wh + self.b)
        return self.h_next

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, inputs) and dh (batch, units), given upstream (batch, units).
        """
        both, W = np.hstack([self.x, self.h]), np.vstack([self.Wx, self.Wh])
        delta = upstream / np.cosh(both @ W + self.b) ** 2
        dW = both.T @ delta
        self.dWx, self.dWh, self.db = dW[: self.x.shape[1]], dW[self.x.shape[1] :], np.sum(delta, 0)
        dboth = delta @ W.T
        return [dboth[:, : self.x.shape[1]], dboth[:, self.x.shape[1] :]]
