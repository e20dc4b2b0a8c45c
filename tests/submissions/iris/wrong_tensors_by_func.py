# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# right numbers, but by torch.func
import torch


def tensor_gradients(X, Y, W1, W2):
    def loss(W1, W2):
        return ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum()

    return torch.func.grad(loss, argnums=(0, 1))(W1, W2)
