# expect: RNN correct 12 / 12
# all deltas first, sums over time afterwards
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
        delta = np.zeros(upstream.shape)
        carry = np.zeros(self.h[:, 0].shape)
        for t in range(upstream.shape[1] - 1, -1, -1):
            carry += upstream[:, t]
            delta[:, t] = carry * (1 - self.h[:, t + 1] ** 2)
            carry = delta[:, t] @ self.Wh.T
        self.dWx = np.tensordot(self.x, delta, axes=([0, 1], [0, 1]))
        self.dWh = np.tensordot(self.h[:, :-1], delta, axes=([0, 1], [0, 1]))
        self.db = delta.sum((0, 1))
        return delta @ self.Wx.T, carry
