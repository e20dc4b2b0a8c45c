# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# dW1 by autograd, dW2 by formula and wrong
import torch


def tensor_gradients(X, Y, W1, W2):
    W1 = W1.clone().requires_grad_()
    h = torch.relu(X @ W1)
    (dW1,) = torch.autograd.grad(((h @ W2 - Y) ** 2).sum(), W1)
    return dW1, h.T @ (h @ W2 - Y)
