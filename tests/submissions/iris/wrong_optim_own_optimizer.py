# expect: optim_step partial 2 / 7
# wrong: optim_step first_step all_steps
# always plain gradient descent
import torch


def optim_step(model, optimizer, X, Y):
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4)
    optimizer.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    optimizer.step()
    return loss.detach()
