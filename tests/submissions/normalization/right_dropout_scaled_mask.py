# expect: Dropout correct 6 / 6
# forward rewritten: one mask, which holds the factor too


class Dropout:
    def __init__(self, p, rng):
        self.p = p
        self.rng = rng

    def forward(self, x, training=True):
        keep = 1.0 - self.p
        self.mask = (self.rng.random(x.shape) >= self.p) / keep if training else 1.0
        return x * self.mask

    def backward(self, upstream):
        return upstream * self.mask
