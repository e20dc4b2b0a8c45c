# expect: Tanh wrong 0 / 8
# wrong: Tanh dx
import numpy as np


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    _f = forward

    def backward(self, upstream):
        x, dx = self.x, np.zeros_like(self.x)
        for at in np.ndindex(x.shape):
            step = np.zeros_like(x)
            step[at] = 1e-5
            dx[at] = ((self._f(x + step) - self._f(x - step)) * upstream).sum() / 2e-5
        self.x = x
        return dx
