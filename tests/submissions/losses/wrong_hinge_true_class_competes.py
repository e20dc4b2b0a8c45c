# expect: HingeLoss wrong 0 / 8
# wrong: HingeLoss dscores
# HI3
import numpy as np


class HingeLoss:
    def forward(self, scores, targets):
        self.targets, self.rows = targets, np.arange(len(targets))
        self.margins = 1 + scores - scores[self.rows, targets].reshape(-1, 1)
        terms = np.maximum(0, self.margins)
        return terms.sum() / len(targets) - 1

    def backward(self):
        d = (self.margins > 0).astype(float)
        d[self.rows, self.targets] = -d.sum(axis=1)
        return d / len(d)
