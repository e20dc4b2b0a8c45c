# expect: tensor_gradients wrong 0 / 6
# wrong: tensor_gradients dW1 dW2
# the engine under a name that was taken before
import torch

ENGINE = torch.autograd.Variable._execution_engine


def tensor_gradients(X, Y, W1, W2):
    W1.requires_grad_(), W2.requires_grad_()
    loss = ((torch.relu(X @ W1) @ W2 - Y) ** 2).sum()
    start = torch.ones_like(loss)
    return ENGINE.run_backward((loss,), (start,), False, False, (W1, W2), accumulate_grad=False)
