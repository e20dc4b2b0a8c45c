# expect: numpy_gradients partial 3 / 8
# wrong: numpy_gradients dW1
# times h instead of 0 or 1
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    g = X @ W1
    h = np.maximum(0, g)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = (dY @ W2.T) * h
    return X.T @ dg, dW2
