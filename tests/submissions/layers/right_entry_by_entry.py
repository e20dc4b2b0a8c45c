# expect: Sigmoid correct 8 / 8
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        dx = np.zeros_like(self.x)
        for i in np.ndindex(upstream.shape):
            y = Sigmoid().forward(self.x[i])
            dx[i] = upstream[i] * y * (1 - y)
        return dx
