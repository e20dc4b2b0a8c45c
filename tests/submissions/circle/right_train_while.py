# expect: backprop correct 16 / 16
# expect: train correct 24 / 24
# while, and a list of pairs
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
    grads = {"U": X.T @ dg, "b": dg.sum(axis=0), "W": h.T @ dz, "c": dz.sum()}
    return grads, cross_entropy(y, t)


def train(X, t, params, lr, steps):
    U, b, W, c = (np.array(params[name]) for name in "UbWc")
    losses = []
    while len(losses) < steps:
        grads, loss = backprop(X, t, {"U": U, "b": b, "W": W, "c": c})
        U, b = U - lr * grads["U"], b - lr * grads["b"]
        W, c = W - lr * grads["W"], c - lr * grads["c"]
        losses += [loss]
    return {"c": c, "W": W, "b": b, "U": U}, losses
