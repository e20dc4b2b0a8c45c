# expect: tensor_gradients correct 6 / 6
# inside no_grad, with einsum
import torch


def tensor_gradients(X, Y, W1, W2):
    with torch.no_grad():
        h = torch.relu(torch.einsum("ni,iu->nu", X, W1))
        e = 2 * (torch.einsum("nu,uo->no", h, W2) - Y)
        d = torch.einsum("no,uo->nu", e, W2) * torch.sign(h)
        return torch.einsum("ni,nu->iu", X, d), torch.einsum("nu,no->uo", h, e)
