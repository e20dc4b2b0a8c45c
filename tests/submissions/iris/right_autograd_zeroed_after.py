# expect: autograd_gradients correct 6 / 6
# backward, zeroed after
def autograd_gradients(X, Y, W1, W2):
    ((X.matmul(W1).clamp(min=0).matmul(W2) - Y) ** 2).sum().backward()
    found = W1.grad.clone(), W2.grad.clone()
    W1.grad.zero_(), W2.grad.zero_()
    return found
