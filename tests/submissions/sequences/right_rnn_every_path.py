# expect: RNN correct 12 / 12
# each output by itself, back to the beginning
import numpy as np


class RNN:
    """All steps of a recurrent network; the output is the state after each of them.

    Shapes: x (batch, time, inputs), h0 (batch, units), Wx (inputs, units), Wh (units, units),
    b (units,); the output and upstream (batch, time, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h0: np.ndarray) -> np.ndarray:
        states = [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(x[:, t] @ self.Wx + states[-1] @ self.Wh + self.b))
        self.x, self.h = x, np.stack(states, axis=1)
        return self.h[:, 1:]

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, time, inputs) and dh0 (batch, units), given upstream (batch, time, units).
        """
        dx, dh0 = np.zeros_like(self.x), 0
        self.dWx, self.dWh, self.db = 0, 0, 0
        for last in range(self.x.shape[1]):
            g = upstream[:, last]
            for t in range(last, -1, -1):
                g = g * (1 - self.h[:, t + 1] ** 2)
                self.dWx = self.dWx + self.x[:, t].T @ g
                self.dWh = self.dWh + self.h[:, t].T @ g
                self.db = self.db + g.sum(0)
                dx[:, t] += g @ self.Wx.T
                g = g @ self.Wh.T
            dh0 = dh0 + g
        return dx, dh0
