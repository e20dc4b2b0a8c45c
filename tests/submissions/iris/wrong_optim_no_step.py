# expect: optim_step partial 2 / 7
# wrong: optim_step first_step all_steps
# the update is missing
def optim_step(model, optimizer, X, Y):
    optimizer.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    return loss.detach()
