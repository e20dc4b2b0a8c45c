# expect: autograd_gradients correct 6 / 6
# backward on copies
import torch


def autograd_gradients(X, Y, W1, W2):
    A, B = W1.detach().clone().requires_grad_(), W2.detach().clone().requires_grad_()
    torch.nn.functional.mse_loss(torch.relu(X @ A) @ B, Y, reduction="sum").backward()
    return A.grad, B.grad
