# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# right numbers, but by torch.autograd.grad under another name
from torch.autograd import grad as slope
import torch


def tensor_gradients(X, Y, W1, W2):
    W1.requires_grad_()
    W2.requires_grad_()
    return slope(((torch.relu(X @ W1) @ W2 - Y) ** 2).sum(), (W1, W2))
