# expect: numpy_gradients partial 3 / 8
# wrong: numpy_gradients dW1
# the gradient passes shut units
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    g = X @ W1
    h = np.maximum(0, g)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = dY @ W2.T
    return X.T @ dg, dW2
