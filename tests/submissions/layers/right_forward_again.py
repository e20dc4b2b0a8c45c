# expect: Sigmoid correct 8 / 8
# expect: Tanh correct 8 / 8
# expect: Softmax correct 12 / 12
import numpy as np


class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        return upstream * self.forward(self.x) * self.forward(-self.x)


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, upstream):
        y = self.forward(self.x)
        return upstream * (1 - y * y)


class Softmax:
    def forward(self, x):
        self.x = x
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def backward(self, upstream):
        x = self.x
        dx = np.zeros_like(x)
        for n in range(len(x)):
            y = Softmax().forward(x[n])
            dx[n] = (np.diag(y) - np.outer(y, y)) @ upstream[n]
        return dx
