# expect: backprop correct 16 / 16
# lists and math, no arrays
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
    from math import exp, log, tanh

    U, b, W = params["U"].tolist(), params["b"].tolist(), params["W"].tolist()
    c, N, units, inputs = float(params["c"]), len(t), range(len(b)), range(len(U))
    dU, db, dW, dc, loss = [[0.0 for _ in units] for _ in inputs], [0.0] * len(b), [0.0] * len(b), 0.0, 0.0
    for x, label in zip(X.tolist(), t.tolist()):
        h = [tanh(sum(x[i] * U[i][j] for i in inputs) + b[j]) for j in units]
        y = 1 / (1 + exp(-sum(h[j] * W[j] for j in units) - c))
        loss -= log(y if label else 1 - y) / N
        error = (y - label) / N
        dc += error
        for j in units:
            dW[j] += error * h[j]
            db[j] += error * W[j] * (1 - h[j] ** 2)
            for i in inputs:
                dU[i][j] += error * W[j] * (1 - h[j] ** 2) * x[i]
    return {"U": dU, "b": db, "W": dW, "c": dc}, loss


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
