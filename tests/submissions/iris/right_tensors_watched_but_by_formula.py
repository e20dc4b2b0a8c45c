# expect: tensor_gradients correct 6 / 6
# a graph is built, but nobody walks it back
def tensor_gradients(X, Y, W1, W2):
    W1, W2 = W1.clone().requires_grad_(), W2.clone().requires_grad_()
    g = X @ W1
    h = g.clamp(min=0)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = (dY @ W2.T) * (g > 0)
    return X.T @ dg, dW2
