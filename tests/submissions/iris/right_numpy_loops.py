# expect: numpy_gradients correct 8 / 8
# flower by flower, number by number
import numpy as np


def numpy_gradients(X, Y, W1, W2):
    dW1, dW2 = np.zeros(W1.shape), np.zeros(W2.shape)
    for x, y in zip(X, Y):
        g = [sum(x[i] * W1[i, u] for i in range(len(x))) for u in range(W1.shape[1])]
        h = [max(0.0, one) for one in g]
        for o in range(len(y)):
            d = 2 * (sum(h[u] * W2[u, o] for u in range(len(h))) - y[o])
            for u in range(len(h)):
                dW2[u, o] += h[u] * d
                if g[u] > 0:
                    for i in range(len(x)):
                        dW1[i, u] += x[i] * W2[u, o] * d
    return dW1, dW2
