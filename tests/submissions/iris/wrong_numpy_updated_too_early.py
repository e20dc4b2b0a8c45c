# expect: numpy_gradients partial 3 / 8
# wrong: numpy_gradients dW1
# W2 has moved before dW1 is found
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    g = X @ W1
    h = np.maximum(0, g)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    W2 = W2 - 1e-4 * dW2
    dg = (dY @ W2.T) * (g > 0)
    return X.T @ dg, dW2
