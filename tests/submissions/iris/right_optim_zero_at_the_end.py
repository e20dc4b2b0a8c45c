# expect: optim_step correct 7 / 7
# model.zero_grad at the end, a float
import torch


def optim_step(model, optimizer, X, Y):
    loss = torch.nn.functional.mse_loss(model(X), Y, reduction="sum")
    loss.backward()
    optimizer.step()
    model.zero_grad()
    return loss.item()
