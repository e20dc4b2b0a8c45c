# expect: Tanh wrong 0 / 8
# wrong: Tanh dx
# TA1
import numpy as np


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, upstream):
        return upstream * (1 - self.x**2)
