# expect: autograd_gradients partial 3 / 6
# wrong: autograd_gradients dW1
# the graph is cut between the layers
import torch


def autograd_gradients(X, Y, W1, W2):
    h = torch.relu(X @ W1)
    ((h @ W2 - Y) ** 2).sum()
    dW2 = torch.autograd.grad(((h.detach() @ W2 - Y) ** 2).sum(), W2)[0]
    dW1 = torch.autograd.grad(h.sum(), W1)[0]
    return dW1, dW2
