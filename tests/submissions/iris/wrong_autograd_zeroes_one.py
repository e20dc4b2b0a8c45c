# expect: autograd_gradients partial 3 / 6
# wrong: autograd_gradients dW2
# only one of the two is zeroed
import torch


def autograd_gradients(X, Y, W1, W2):
    W1.grad = None
    ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum().backward()
    return W1.grad, W2.grad
