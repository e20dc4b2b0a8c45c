# expect: ReLU wrong 0 / 6
# wrong: ReLU dx
# RE3
import numpy as np


class ReLU:
    def forward(self, x):
        self.out = np.maximum(0, x)
        return self.out

    def backward(self, upstream):
        dx = upstream.copy()
        dx[self.out < 0] = 0
        return dx
