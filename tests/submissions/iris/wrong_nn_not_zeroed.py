# expect: nn_step partial 5 / 8
# wrong: nn_step all_steps
# gradients of earlier steps are still there
import torch


def nn_step(model, X, Y, lr):
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    return loss.detach()
