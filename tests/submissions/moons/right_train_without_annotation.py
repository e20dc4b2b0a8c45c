# expect: MLP correct 20 / 20
# einsum
from itertools import pairwise

import numpy as np


def cross_entropy(scores: np.ndarray, y: np.ndarray) -> tuple:
    """Return the mean loss and its gradient with respect to the scores (batch, classes)."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = float(-np.mean(np.log(p[rows, y])))
    p[rows, y] -= 1
    return loss, p / len(y)


class MLP:
    """Affine layers with ReLU between them.

    sizes: of the input, of every hidden layer, of the output
    Shapes: x (batch, sizes[0]), scores and upstream (batch, sizes[-1])
    """

    def __init__(self, sizes: list, rng: np.random.Generator) -> None:
        self.W, self.b = [], []
        for inputs, units in pairwise(sizes):
            bound = 1 / np.sqrt(inputs)
            self.W.append(rng.uniform(-bound, bound, (inputs, units)))
            self.b.append(rng.uniform(-bound, bound, units))

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.xs = []
        for W, b in zip(self.W, self.b, strict=True):
            self.xs.append(x)
            y = x @ W + b
            x = np.maximum(0, y)
        return y

    def latent(self, x: np.ndarray) -> np.ndarray:
        """Return what the last layer sees."""
        for W, b in zip(self.W[:-1], self.b[:-1], strict=True):
            x = np.maximum(0, x @ W + b)
        return x

    def parameters(self) -> dict:
        """Return the arrays themselves, not copies: W1, b1, W2, b2, ..."""
        pairs = enumerate(zip(self.W, self.b, strict=True), 1)
        return {f"{name}{n}": p for n, pair in pairs for name, p in zip("Wb", pair, strict=True)}

    def backward(self, upstream: np.ndarray) -> dict:
        """Return the gradients of all parameters in a dict: W1, b1, W2, b2, ..."""
        grads = {}
        for layer in reversed(range(len(self.W))):
            grads[f"W{layer + 1}"] = np.einsum("ni,nj->ij", self.xs[layer], upstream)
            grads[f"b{layer + 1}"] = upstream.sum(axis=0)
            upstream = (upstream @ self.W[layer].T) * (self.xs[layer] > 0)
        return grads


class Momentum:
    """v <- momentum v + g, then p <- p - lr v.

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float, momentum: float) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.v[name] = self.momentum * self.v[name] + grads[name]
            self.params[name] -= self.lr * self.v[name]


def train(model, X: np.ndarray, y: np.ndarray, lr: float, momentum: float, steps: int) -> list:
    """Train the model on X (batch, inputs) and y (batch,); return the loss before each step.

    The model's own arrays are the trained ones afterwards.
    """
    optimizer, losses = Momentum(model.parameters(), lr, momentum), []
    for _ in range(steps):
        loss, upstream = cross_entropy(model.forward(X), y)
        losses.append(loss)
        optimizer.step(model.backward(upstream))
    return losses
