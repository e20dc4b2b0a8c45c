# expect: optim_step partial 4 / 7
# wrong: optim_step all_steps
# gradients of earlier steps are still there
def optim_step(model, optimizer, X, Y):
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    optimizer.step()
    return loss.detach()
