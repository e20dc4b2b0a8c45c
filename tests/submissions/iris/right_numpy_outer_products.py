# expect: numpy_gradients correct 8 / 8
# a list, outer products, a factor 2 at the end
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    dW1, dW2 = 0 * W1, 0 * W2
    for x, y in zip(X, Y):
        h = np.where(x @ W1 > 0, x @ W1, 0)
        e = h @ W2 - y
        dW2 += np.outer(h, e)
        d = W2 @ e
        d[h == 0] = 0
        dW1 += np.outer(x, d)
    return [2 * dW1, 2 * dW2]
