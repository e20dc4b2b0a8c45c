# expect: nn_step stopped 0 / 8
# torch refuses the update of a watched tensor
def nn_step(model, X, Y, lr):
    model.zero_grad()
    loss = ((model(X) - Y) ** 2).sum()
    loss.backward()
    for p in model.parameters():
        p -= lr * p.grad
    return loss
