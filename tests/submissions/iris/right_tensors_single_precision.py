# expect: tensor_gradients correct 6 / 6
# single precision
def tensor_gradients(X, Y, W1, W2):
    X, Y, W1, W2 = (one.float() for one in (X, Y, W1, W2))
    g = X @ W1
    h = g.clamp(min=0)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = (dY @ W2.T) * (g > 0)
    return X.T @ dg, dW2
