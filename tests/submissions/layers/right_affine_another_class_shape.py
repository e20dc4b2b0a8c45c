# expect: Affine correct 6 / 6
# forward rewritten, gradients as properties, a base class
import numpy as np


class Layer:
    def __call__(self, *args):
        return self.forward(*args)


class Affine(Layer):
    def __init__(self, W, b):
        self.params = {"W": W, "b": b}
        self.grads = {}

    def forward(self, x):
        self.cache = (x, self.params["W"])
        return x.dot(self.params["W"]) + self.params["b"]

    def backward(self, upstream):
        x, W = self.cache
        self.grads = {"W": x.T.dot(upstream), "b": np.sum(upstream, axis=0)}
        return upstream.dot(W.T)

    @property
    def dW(self):
        return self.grads["W"]

    @property
    def db(self):
        return self.grads["b"]
