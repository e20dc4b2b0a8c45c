# expect: MSELoss correct 6 / 6


class MSELoss:
    def forward(self, scores, targets):
        self.cache = scores, targets
        return ((scores - targets) ** 2).mean()

    def backward(self):
        scores, targets = self.cache
        n, m = scores.shape
        return 2.0 / (n * m) * (scores - targets)
