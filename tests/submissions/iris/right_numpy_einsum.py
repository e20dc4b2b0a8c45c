# expect: numpy_gradients correct 8 / 8
# einsum
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    h = np.maximum(np.einsum("ni,iu->nu", X, W1), 0)
    error = 2 * (np.einsum("nu,uo->no", h, W2) - Y)
    dh = np.einsum("no,uo->nu", error, W2) * np.sign(h)
    return np.einsum("ni,nu->iu", X, dh), np.einsum("nu,no->uo", h, error)
