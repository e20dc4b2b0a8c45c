# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# one step by a node of torch's graph, called by itself
import torch


def tensor_gradients(X, Y, W1, W2):
    W1.requires_grad_()
    g = X @ W1
    h = torch.relu(g)
    d = 2 * (h @ W2 - Y)
    return X.T @ h.grad_fn(d @ W2.T), h.detach().T @ d.detach()
