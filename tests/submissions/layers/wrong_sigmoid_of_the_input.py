# expect: Sigmoid wrong 0 / 8
# wrong: Sigmoid dx
# SG2
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        return upstream * self.x * (1 - self.x)
