# expect: backprop partial 12 / 16
# wrong: backprop dW
# expect: train wrong 0 / 24
# wrong: train after_one_step after_ten_steps losses accuracy
# dW with h**2
import numpy as np


def sigmoid(z: np.ndarray) -> np.ndarray:
    """1 / (1 + exp(-z)), entry by entry."""
    return 1 / (1 + np.exp(-z))


def cross_entropy(y: np.ndarray, t: np.ndarray) -> float:
    """The mean loss of the probabilities y (batch,) where the labels are t (batch,)."""
    return float(-np.mean(t * np.log(y) + (1 - t) * np.log(1 - y)))


def forward(X: np.ndarray, params: dict) -> tuple:
    """Return the hidden layer h (batch, hidden) and the probabilities y (batch,)."""
    h = np.tanh(X @ params["U"] + params["b"])
    y = sigmoid(h @ params["W"] + params["c"])
    return h, y


def backprop(X: np.ndarray, t: np.ndarray, params: dict) -> tuple:
    """Return (grads, loss): a dict with the gradients of U, b, W and c, and the loss as a float.

    Shapes: X (batch, inputs), t (batch,); those of grads are those of params.
    """
    h, y = forward(X, params)
    dz = (y - t) / len(t)
    dg = np.outer(dz, params["W"]) * (1 - h**2)
    grads = {"U": X.T @ dg, "b": dg.sum(axis=0), "W": (h**2).T @ dz, "c": dz.sum()}
    return grads, cross_entropy(y, t)


def train(X: np.ndarray, t: np.ndarray, params: dict, lr: float, steps: int) -> tuple:
    """Return (params, losses): the parameters after that many steps, and the loss before each.

    Shapes: X (batch, inputs), t (batch,); losses is a list of floats, one per step.
    """
    params, losses = {name: np.copy(p) for name, p in params.items()}, []
    for _ in range(steps):
        grads, loss = backprop(X, t, params)
        losses.append(loss)
        for name in params:
            params[name] -= lr * grads[name]
    return params, losses
