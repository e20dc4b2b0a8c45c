# expect: numpy_gradients wrong 0 / 8
# wrong: numpy_gradients dW1 dW2
# dW2 first
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    g = X @ W1
    h = np.maximum(0, g)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = (dY @ W2.T) * (g > 0)
    return dW2, X.T @ dg
