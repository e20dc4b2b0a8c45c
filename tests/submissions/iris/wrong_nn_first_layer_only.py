# expect: nn_step partial 2 / 8
# wrong: nn_step first_step all_steps
# only the first layer is updated
import torch


def nn_step(model, X, Y, lr):
    model.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        for p in model[0].parameters():
            p -= lr * p.grad
    return loss.detach()
