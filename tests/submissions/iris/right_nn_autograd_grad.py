# expect: nn_step correct 8 / 8
# torch.autograd.grad and copy_
import torch


def nn_step(model, X, Y, lr):
    loss = ((model(X) - Y) ** 2).sum()
    parameters = list(model.parameters())
    gradients = torch.autograd.grad(loss, parameters)
    with torch.no_grad():
        for p, g in zip(parameters, gradients):
            p.copy_(p - lr * g)
    return float(loss)
