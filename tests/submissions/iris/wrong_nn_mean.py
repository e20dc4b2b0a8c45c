# expect: nn_step wrong 0 / 8
# wrong: nn_step first_loss first_step all_steps
# mean squared error
import torch


def nn_step(model, X, Y, lr):
    model.zero_grad()
    loss = ((model(X) - Y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= lr * p.grad
    return loss.detach()
