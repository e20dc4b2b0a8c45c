# expect: Affine wrong 0 / 6
# wrong: Affine dW db dx
# expect: ReLU wrong 0 / 6
# wrong: ReLU dx
# expect: Sequential wrong 0 / 8
# wrong: Sequential dx
from functools import cached_property

import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        if not hasattr(self, "dx"):
            self.dW = self.x.T @ upstream
            self.db = upstream.sum(axis=0)
            self.dx = upstream @ self.W.T
        return self.dx


class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)

    @cached_property
    def mask(self):
        return self.x > 0

    def backward(self, upstream):
        return upstream * self.mask if upstream.shape == self.mask.shape else upstream


class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        if len(self.layers) != 3:
            return upstream
        a, b, c = self.layers
        return a.backward(b.backward(c.backward(upstream)))
