# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# clamped from above
def tensor_gradients(X, Y, W1, W2):
    g = X @ W1
    h = g.clamp(max=0)
    dY = 2 * (h @ W2 - Y)
    dW2 = h.T @ dY
    dg = (dY @ W2.T) * (g > 0)
    return X.T @ dg, dW2
