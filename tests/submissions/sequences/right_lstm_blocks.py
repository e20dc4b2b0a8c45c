# expect: LSTMCell correct 18 / 18
# block by block, without concatenating
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
        units = self.h.shape[1]
        dct = dc + self.o * dh * (1 - self.tanh_c * self.tanh_c)
        parts = (
            dct * self.g * self.i * (1 - self.i),
            dct * self.c * self.f * (1 - self.f),
            dh * self.tanh_c * self.o * (1 - self.o),
            dct * self.i * (1 - self.g**2),
        )
        dx, dh_before = np.zeros(self.x.shape), np.zeros(self.h.shape)
        self.dWx, self.dWh, self.db = np.zeros(self.Wx.shape), np.zeros(self.Wh.shape), 0 * self.b
        for k, part in enumerate(parts):
            block = slice(k * units, (k + 1) * units)
            self.dWx[:, block], self.dWh[:, block] = self.x.T @ part, self.h.T @ part
            self.db[block] = part.sum(axis=0)
            dx += part @ self.Wx[:, block].T
            dh_before += part @ self.Wh[:, block].T
        return dx, dh_before, dct * self.f
