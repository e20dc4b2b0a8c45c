# expect: autograd_gradients correct 6 / 6
# backward on the caller's tensors, zeroed before
import torch


def autograd_gradients(X, Y, W1, W2):
    W1.grad = W2.grad = None
    loss = (torch.relu(X @ W1) @ W2 - Y).pow(2).sum()
    loss.backward()
    return W1.grad, W2.grad
