# expect: nn_step correct 8 / 8
# zeroed at the end of each step
import torch


def nn_step(model, X, Y, lr):
    loss = (model(X) - Y).pow(2).sum()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p.sub_(lr * p.grad)
            p.grad.zero_()
    return loss.item()
