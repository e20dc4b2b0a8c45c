# expect: Tanh wrong 0 / 8
# wrong: Tanh dx
# TA3
import numpy as np


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, upstream):
        up, down = np.exp(self.x), np.exp(-self.x)
        t = (up - down) / (up + down)
        return upstream * (1 - t**2)
