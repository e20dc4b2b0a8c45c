# expect: tensor_gradients partial 4 / 6
# wrong: tensor_gradients dW2
# dW2 before the ReLU
def tensor_gradients(X, Y, W1, W2):
    g = X @ W1
    h = g.clamp(min=0)
    dY = 2 * (h @ W2 - Y)
    dW2 = g.T @ dY
    dg = (dY @ W2.T) * (g > 0)
    return X.T @ dg, dW2
