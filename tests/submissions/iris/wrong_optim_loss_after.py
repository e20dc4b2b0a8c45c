# expect: optim_step partial 5 / 7
# wrong: optim_step first_loss
# the loss after the step
def optim_step(model, optimizer, X, Y):
    optimizer.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    optimizer.step()
    return ((model(X) - Y) ** 2).sum()
