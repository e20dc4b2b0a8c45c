# expect: nn_step partial 2 / 8
# wrong: nn_step first_step all_steps
# forgets what it has just computed
import torch


def nn_step(model, X, Y, lr):
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    for p in model.parameters():
        p.grad.zero_()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    return loss.detach()
