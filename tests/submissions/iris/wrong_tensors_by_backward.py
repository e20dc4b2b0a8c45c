# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# right numbers, but by autograd
import torch


def tensor_gradients(X, Y, W1, W2):
    W1, W2 = W1.clone().requires_grad_(), W2.clone().requires_grad_()
    ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum().backward()
    return W1.grad, W2.grad
