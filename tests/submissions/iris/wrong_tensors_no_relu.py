# expect: tensor_gradients partial 2 / 6
# wrong: tensor_gradients dW1
# the gradient passes shut units
def tensor_gradients(X, Y, W1, W2):
    g = X @ W1
    h = g.clamp(min=0)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = dY @ W2.T
    return X.T @ dg, dW2
