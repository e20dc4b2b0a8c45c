# expect: RNN wrong 0 / 12
# wrong: RNN dx dh0 dWx dWh db
# RN7
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
        self.dWx, self.dWh = np.zeros(self.Wx.shape), np.zeros(self.Wh.shape)
        self.db, dx = np.zeros(self.b.shape), np.zeros(self.x.shape)
        later = 0.0
        for t in range(self.x.shape[1]):
            delta = (upstream[:, t] + later) * (1 - self.h[:, t + 1] ** 2)
            self.dWx += self.x[:, t].T @ delta
            self.dWh += self.h[:, t].T @ delta
            self.db += delta.sum(axis=0)
            dx[:, t] = delta @ self.Wx.T
            later = delta @ self.Wh.T
        return dx, later
