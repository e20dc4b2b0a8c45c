# expect: optim_step partial 2 / 7
# wrong: optim_step first_step all_steps
# two steps in one
def optim_step(model, optimizer, X, Y):
    optimizer.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    optimizer.step()
    optimizer.step()
    return loss.detach()
