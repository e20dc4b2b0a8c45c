# expect: numpy_gradients wrong 0 / 8
# wrong: numpy_gradients dW1 dW2
# assigned where it should be added
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    for x, y in zip(X, Y):
        h = np.maximum(0, x @ W1)
        e = 2 * (h @ W2 - y)
        dW2 = np.outer(h, e)
        dW1 = np.outer(x, (W2 @ e) * (h > 0))
    return dW1, dW2
