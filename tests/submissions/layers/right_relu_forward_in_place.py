# expect: ReLU correct 6 / 6
# right, although forward destroys x: a finding that costs nothing


class ReLU:
    def forward(self, x):
        out = x
        out[out < 0] = 0
        self.out = out
        return out

    def backward(self, upstream):
        return upstream * (self.out > 0)
