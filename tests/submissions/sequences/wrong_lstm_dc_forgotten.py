# expect: LSTMCell wrong 0 / 18
# wrong: LSTMCell dx dh dc dWx dWh db
# what comes to c directly is left out
import numpy as np


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LSTMCell:
    """One step of a long short-term memory.

    Shapes: x (batch, inputs), h and c (batch, units), Wx (inputs, 4 units), Wh (units, 4 units),
    b (4 units,); both outputs, dh and dc (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a_i, a_f, a_o, a_g = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        self.x, self.h, self.c = x, h, c
        self.i, self.f, self.o, self.g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c_next = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        delta_c = dh * self.o * (1 - self.tanh_c**2)
        delta_i = delta_c * self.g * self.i * (1 - self.i)
        delta_f = delta_c * self.c * self.f * (1 - self.f)
        delta_o = dh * self.tanh_c * self.o * (1 - self.o)
        delta_g = delta_c * self.i * (1 - self.g**2)
        delta = np.concatenate([delta_i, delta_f, delta_o, delta_g], axis=1)
        self.dWx = self.x.T @ delta
        self.dWh = self.h.T @ delta
        self.db = delta.sum(axis=0)
        return delta @ self.Wx.T, delta @ self.Wh.T, delta_c * self.f
