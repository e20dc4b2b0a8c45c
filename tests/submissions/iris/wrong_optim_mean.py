# expect: optim_step wrong 0 / 7
# wrong: optim_step first_loss first_step all_steps
# mean squared error
def optim_step(model, optimizer, X, Y):
    optimizer.zero_grad()
    loss = ((model(X) - Y) ** 2).mean()
    loss.backward()
    optimizer.step()
    return loss.detach()
