# expect: two_layer_step correct 14 / 14
# a batch of one
import numpy as np


def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    x, y = x.reshape(1, -1), y.reshape(1, 1)
    h1 = x @ weights[0] + biases[0]
    a2 = h1 @ weights[1] + biases[1]
    h2 = np.where(a2 > 0, a2, 0)
    out = h2 @ weights[2] + biases[2]
    d3 = out - y
    d2 = d3 @ weights[2].T * np.where(a2 > 0, 1, 0)
    d1 = d2 @ weights[1].T
    grads = x.T @ d1, h1.T @ d2, h2.T @ d3
    new = [W - lr * g for W, g in zip(weights, grads)]
    return out[0], [d1[0], d2[0], d3[0]], new
