# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# the derivative of ReLU by torch's own kernel
import torch


def tensor_gradients(X, Y, W1, W2):
    g = X @ W1
    h = torch.relu(g)
    d = 2 * (h @ W2 - Y)
    return X.T @ torch.ops.aten.threshold_backward(d @ W2.T, g, 0), h.T @ d
