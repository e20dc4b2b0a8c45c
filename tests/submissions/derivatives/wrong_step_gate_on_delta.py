# expect: two_layer_step partial 4 / 14
# wrong: two_layer_step deltas.1 deltas.2 weights.1 weights.2
# the gate looks at what comes back
import numpy as np


def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    h1 = x @ W1 + b1
    a2 = h1 @ W2 + b2
    h2 = np.maximum(a2, 0.0)
    yhat = h2 @ W3 + b3
    delta3 = yhat - y
    delta2 = np.maximum(W3 @ delta3, 0)
    delta1 = W2 @ delta2
    new1 = W1 - lr * np.outer(x, delta1)
    new2 = W2 - lr * np.outer(h1, delta2)
    new3 = W3 - lr * np.outer(h2, delta3)
    return yhat, [delta1, delta2, delta3], [new1, new2, new3]
