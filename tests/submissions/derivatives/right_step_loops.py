# expect: two_layer_step correct 14 / 14
# sums written out; tuples are returned
import numpy as np


def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    h, a = [x], []
    for place in range(3):
        W, b_ = weights[place], biases[place]
        sums = []
        for k in range(W.shape[1]):
            sums.append(b_[k] + sum(h[-1][j] * W[j, k] for j in range(W.shape[0])))
        a.append(np.array(sums))
        h.append(np.maximum(a[-1], 0) if place == 1 else a[-1])
    deltas = [h[-1] - y]
    for place in (1, 0):
        W = weights[place + 1]
        back = [sum(W[j, k] * deltas[0][k] for k in range(W.shape[1])) for j in range(W.shape[0])]
        deltas.insert(0, np.array(back) * ((a[1] > 0) if place == 1 else 1.0))
    moved = []
    for W, before, delta in zip(weights, h, deltas):
        new = W.copy()
        for i, j in np.ndindex(W.shape):
            new[i, j] -= lr * before[i] * delta[j]
        moved.append(new)
    return h[-1], tuple(deltas), tuple(moved)
