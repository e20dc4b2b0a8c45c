# expect: numpy_gradients correct 8 / 8
# the import of torch fails here and costs nothing
import torch

import numpy as np


def numpy_gradients(X, Y, W1, W2):
    g = X @ W1
    h = np.maximum(0, g)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = (dY @ W2.T) * (g > 0)
    return X.T @ dg, dW2
