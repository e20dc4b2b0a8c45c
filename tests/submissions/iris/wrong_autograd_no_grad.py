# expect: autograd_gradients stopped 0 / 6
# nothing is watched inside of no_grad
import torch


def autograd_gradients(X, Y, W1, W2):
    with torch.no_grad():
        loss = ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum()
    return torch.autograd.grad(loss, [W1, W2])
