# expect: nn_step correct 8 / 8
# an optimizer for one step
import torch


def nn_step(model, X, Y, lr):
    descent = torch.optim.SGD(model.parameters(), lr=lr)
    descent.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    descent.step()
    return loss.detach()
