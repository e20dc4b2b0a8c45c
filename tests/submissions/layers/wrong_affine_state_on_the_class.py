# expect: Affine partial 4 / 6
# wrong: Affine dW
# all instances share one x


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        Affine.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = Affine.x.T @ upstream
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T
