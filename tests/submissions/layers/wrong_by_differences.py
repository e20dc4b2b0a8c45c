# expect: Affine partial 4 / 6
# wrong: Affine dW
# expect: Sigmoid wrong 0 / 8
# wrong: Sigmoid dx
# expect: Tanh wrong 0 / 8
# wrong: Tanh dx
import numpy as np


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        x, W = self.x, self.W
        self.dW = np.zeros_like(W)
        for at in np.ndindex(W.shape):
            step = np.zeros_like(W)
            step[at] = 1e-4
            high = Affine(W + step, self.b).forward(x)
            low = Affine(W - step, self.b).forward(x)
            self.dW[at] = np.sum(upstream * (high - low)) / 2e-4
        self.db = upstream.sum(axis=0)
        return upstream @ W.T


class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        x, h = self.x, 1e-5
        dx = np.zeros_like(x)
        for n in range(x.shape[0]):
            for i in range(x.shape[1]):
                moved = x.copy()
                moved[n, i] += h
                high = self.forward(moved)
                moved[n, i] -= 2 * h
                low = self.forward(moved)
                dx[n, i] = ((high - low) * upstream).sum() / (2 * h)
        self.x = x
        return dx


class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, upstream):
        x = self.x
        dx = np.zeros(x.shape)
        for at in np.ndindex(x.shape):
            moved = x.astype(complex)
            moved[at] += 1e-30j
            dx[at] = (upstream * self.forward(moved).imag).sum() / 1e-30
        self.x = x
        return dx
