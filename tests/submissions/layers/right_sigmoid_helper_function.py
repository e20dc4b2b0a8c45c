# expect: Sigmoid correct 8 / 8

import numpy as np


def slope(y):
    return np.multiply(y, np.subtract(1, y))


class Sigmoid:
    def forward(self, x):
        e = np.exp(-np.abs(x))
        self.y = np.where(x >= 0, 1 / (1 + e), e / (1 + e))
        return self.y

    def backward(self, upstream):
        return np.multiply(upstream, slope(self.y))
