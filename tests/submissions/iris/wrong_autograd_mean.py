# expect: autograd_gradients wrong 0 / 6
# wrong: autograd_gradients dW1 dW2
# mean squared error
import torch


def autograd_gradients(X, Y, W1, W2):
    loss = torch.nn.functional.mse_loss(torch.relu(X @ W1) @ W2, Y)
    return torch.autograd.grad(loss, [W1, W2])
