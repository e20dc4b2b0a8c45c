# expect: Affine partial 2 / 6
# wrong: Affine dW db
# gradients grow with every call
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.dW, self.db = np.zeros_like(W), np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW += self.x.T @ upstream
        self.db += upstream.sum(axis=0)
        return upstream @ self.W.T
