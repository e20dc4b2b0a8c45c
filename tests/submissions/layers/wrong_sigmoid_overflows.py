# expect: Sigmoid wrong 0 / 8
# wrong: Sigmoid dx
# SG5
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        e = np.exp(-self.x)
        return upstream * e / (1 + e) ** 2
