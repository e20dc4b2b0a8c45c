# expect: autograd_gradients correct 6 / 6
# torch.func
import torch


def autograd_gradients(X, Y, W1, W2):
    def loss(W1, W2):
        return ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum()

    return torch.func.grad(loss, argnums=(0, 1))(W1.detach(), W2.detach())
