# expect: autograd_gradients wrong 0 / 6
# wrong: autograd_gradients dW1 dW2
# the second call returns the sum of both
import torch


def autograd_gradients(X, Y, W1, W2):
    ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum().backward()
    return W1.grad, W2.grad
