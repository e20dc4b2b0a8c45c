# expect: nn_step partial 6 / 8
# wrong: nn_step first_loss
# the loss after the step
import torch


def nn_step(model, X, Y, lr):
    model.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    return ((model(X) - Y) ** 2).sum()
