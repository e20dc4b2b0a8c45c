# expect: tensor_gradients correct 6 / 6
# functions of torch
import torch


def tensor_gradients(X, Y, W1, W2):
    hidden = torch.mm(X, W1)
    activated = torch.nn.functional.relu(hidden)
    error = torch.sub(torch.mm(activated, W2), Y).mul(2)
    back = torch.where(hidden > 0, torch.mm(error, W2.t()), torch.zeros_like(hidden))
    return torch.mm(X.t(), back), torch.mm(activated.t(), error)
