# expect: Classifier wrong 0 / 8
# wrong: Classifier dW1 db1 dW2 db2 dW3 db3
# expect: train partial 4 / 7
# wrong: train after_one_step after_ten_steps losses
# ten times too large: Adam hides it, the gradients show it
import numpy as np


class Classifier:
    """Three affine layers with ReLU between them.

    sizes: inputs, units of the first and of the second hidden layer, classes: [4, 8, 9, 3]
    Shapes: x (batch, inputs), scores and upstream (batch, classes)
    """

    def __init__(self, sizes: list, rng: np.random.Generator) -> None:
        self.params = {}
        for n in (1, 2, 3):
            bound = 1 / np.sqrt(sizes[n - 1])
            self.params[f"W{n}"] = rng.uniform(-bound, bound, (sizes[n - 1], sizes[n]))
            self.params[f"b{n}"] = rng.uniform(-bound, bound, sizes[n])

    def parameters(self) -> dict:
        """Return the arrays themselves, not copies: W1, b1, W2, b2, W3, b3."""
        return self.params

    def forward(self, x: np.ndarray) -> np.ndarray:
        p = self.params
        self.x = x
        self.h1 = np.maximum(0, x @ p["W1"] + p["b1"])
        self.h2 = np.maximum(0, self.h1 @ p["W2"] + p["b2"])
        return self.h2 @ p["W3"] + p["b3"]

    def backward(self, upstream: np.ndarray) -> dict:
        """Return the gradients of all parameters in a dict: W1, b1, W2, b2, W3, b3."""
        upstream = 10 * upstream
        second = (upstream @ self.params["W3"].T) * (self.h2 > 0)
        first = (second @ self.params["W2"].T) * (self.h1 > 0)
        return {
            "W1": self.x.T @ first,
            "b1": first.sum(axis=0),
            "W2": self.h1.T @ second,
            "b2": second.sum(axis=0),
            "W3": self.h2.T @ upstream,
            "b3": upstream.sum(axis=0),
        }


def cross_entropy(scores: np.ndarray, y: np.ndarray) -> tuple:
    """Return the mean loss and its gradient with respect to the scores (batch, classes)."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = float(-np.mean(np.log(p[rows, y])))
    p[rows, y] -= 1
    return loss, p / len(y)


class Adam:
    """The rule of torch.optim.Adam; params is a dict of arrays, changed in place by step."""

    def __init__(self, params: dict, lr: float, eps: float = 1e-8) -> None:
        self.params, self.lr, self.eps, self.t = params, lr, eps, 0
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        self.t += 1
        for name, g in grads.items():
            self.m[name] = 0.9 * self.m[name] + 0.1 * g
            self.v[name] = 0.999 * self.v[name] + 0.001 * g**2
            m, v = self.m[name] / (1 - 0.9**self.t), self.v[name] / (1 - 0.999**self.t)
            self.params[name] -= self.lr * m / (np.sqrt(v) + self.eps)


def train(
    model: Classifier, X: np.ndarray, y: np.ndarray, lr: float, epochs: int, eps: float = 1e-8
) -> list:
    """Train the model on X (batch, inputs) and y (batch,); return the loss before each epoch.

    The model's own arrays are the trained ones afterwards.
    """
    optimizer, losses = Adam(model.parameters(), lr, eps), []
    for _ in range(epochs):
        loss, upstream = cross_entropy(model.forward(X), y)
        losses.append(loss)
        optimizer.step(model.backward(upstream))
    return losses
