# expect: numpy_gradients partial 5 / 8
# wrong: numpy_gradients dW2
# dW2 from g
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    g = X @ W1
    h = np.maximum(0, g)
    dY = 2 * (h @ W2 - Y)
    dW2 = g.T @ dY
    dg = (dY @ W2.T) * (g > 0)
    return X.T @ dg, dW2
