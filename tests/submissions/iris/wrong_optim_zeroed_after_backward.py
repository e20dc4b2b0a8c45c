# expect: optim_step partial 2 / 7
# wrong: optim_step first_step all_steps
# forgets what it has just computed
def optim_step(model, optimizer, X, Y):
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
    return loss.detach()
