# expect: nn_step correct 8 / 8
# p.data
import torch


def nn_step(model, X, Y, lr):
    model.zero_grad()
    loss = torch.nn.MSELoss(reduction="sum")(model(X), Y)
    loss.backward()
    for p in model.parameters():
        p.data -= lr * p.grad.data
    return loss
