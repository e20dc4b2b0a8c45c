# expect: Sigmoid correct 8 / 8
# keeps its input and computes the sigmoid again
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.x = x
        return 0.5 * (1 + np.tanh(0.5 * x))

    def backward(self, upstream):
        s = 0.5 * (1 + np.tanh(0.5 * self.x))
        return s * (1 - s) * upstream
