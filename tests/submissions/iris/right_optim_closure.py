# expect: optim_step correct 7 / 7
# with a closure
def optim_step(model, optimizer, X, Y):
    def closure():
        optimizer.zero_grad()
        loss = ((model(X) - Y) ** 2).sum()
        loss.backward()
        return loss

    return optimizer.step(closure)
