# expect: numpy_gradients stopped 0 / 8
# torch is not lent to an exercise in NumPy
import torch


def numpy_gradients(X, Y, W1, W2):
    X, Y, W1, W2 = (torch.from_numpy(array) for array in (X, Y, W1, W2))
    W1, W2 = W1.clone().requires_grad_(), W2.clone().requires_grad_()
    ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum().backward()
    return W1.grad.numpy(), W2.grad.numpy()
