# expect: tensor_gradients correct 6 / 6
# changes of its own copies, in place
def tensor_gradients(X, Y, W1, W2):
    g = X.matmul(W1)
    h = g.clone().clamp_(min=0)
    e = h.matmul(W2).sub_(Y).mul_(2)
    back = e.matmul(W2.transpose(0, 1))
    back[g <= 0] = 0
    return X.transpose(0, 1).matmul(back), h.transpose(0, 1).matmul(e)
