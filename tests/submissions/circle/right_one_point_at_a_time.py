# expect: backprop correct 16 / 16
# a loop over points
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


def backprop(X, t, params):
    U, b, W, c = params["U"], params["b"], params["W"], params["c"]
    dU, db, dW, dc, loss = np.zeros(U.shape), np.zeros(b.shape), np.zeros(W.shape), 0.0, 0.0
    for x, label in zip(X, t):
        h = np.tanh(x @ U + b)
        y = sigmoid(h @ W + c)
        loss -= label * np.log(y) + (1 - label) * np.log(1 - y)
        error = y - label
        dW += error * h
        dc += error
        for j in range(len(b)):
            slope = error * W[j] * (1 - h[j] ** 2)
            db[j] += slope
            for i in range(len(x)):
                dU[i, j] += slope * x[i]
    N = len(t)
    return {"U": dU / N, "b": db / N, "W": dW / N, "c": dc / N}, loss / N


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
