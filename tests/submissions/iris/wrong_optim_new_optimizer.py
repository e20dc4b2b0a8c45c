# expect: optim_step partial 4 / 7
# wrong: optim_step all_steps
# a new one in every step: it forgets its moments
def optim_step(model, optimizer, X, Y):
    optimizer = type(optimizer)(model.parameters(), lr=optimizer.param_groups[0]["lr"])
    optimizer.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    optimizer.step()
    return loss.detach()
