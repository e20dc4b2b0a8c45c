# expect: Tanh correct 8 / 8
# cosh overflows to inf, and 1 / inf is the right 0
import numpy as np


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, upstream):
        return upstream / np.cosh(self.x) ** 2
