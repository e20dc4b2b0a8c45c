# expect: nn_step partial 6 / 8
# wrong: nn_step first_loss
# returns nothing
import torch


def nn_step(model, X, Y, lr):
    model.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
