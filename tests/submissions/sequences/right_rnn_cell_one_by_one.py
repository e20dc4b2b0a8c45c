# expect: RNNCell correct 12 / 12
# example by example
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
        dx, dh = np.zeros_like(self.x), np.zeros_like(self.h)
        self.dWx, self.dWh, self.db = 0 * self.Wx, 0 * self.Wh, 0 * self.b
        for n, g in enumerate(upstream):
            for u in range(len(g)):
                d = g[u] * (1 - self.h_next[n, u] ** 2)
                self.dWx[:, u] += self.x[n] * d
                self.dWh[:, u] += self.h[n] * d
                self.db[u] += d
                dx[n] += self.Wx[:, u] * d
                dh[n] += self.Wh[:, u] * d
        return dx, dh
