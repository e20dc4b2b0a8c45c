# expect: RNN correct 12 / 12
# a recursive function
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
        deltas = []

        def back(t):
            later = back(t + 1) @ self.Wh.T if t + 1 < upstream.shape[1] else 0
            deltas.append((upstream[:, t] + later) * (1 - self.h[:, t + 1] ** 2))
            return deltas[-1]

        back(0)
        for delta in [np.stack(deltas[::-1], axis=1)]:
            self.dWx = np.einsum("nti,ntu->iu", self.x, delta)
            self.dWh = np.einsum("nti,ntu->iu", self.h[:, :-1], delta)
            self.db = delta.sum(axis=(0, 1))
            return delta @ self.Wx.T, delta[:, 0] @ self.Wh.T
