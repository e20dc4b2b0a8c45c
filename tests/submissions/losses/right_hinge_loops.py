# expect: HingeLoss correct 8 / 8

import numpy as np


class HingeLoss:
    def forward(self, scores, targets):
        self.scores, self.targets = scores, targets
        loss = 0.0
        for s, c in zip(scores, targets, strict=True):
            loss += sum(max(0, 1 + s[j] - s[c]) for j in range(len(s)) if j != c)
        return loss / len(scores)

    def backward(self):
        N, C = self.scores.shape
        d = np.zeros((N, C))
        for n in range(N):
            c = self.targets[n]
            for j in range(C):
                if j != c and 1 + self.scores[n, j] - self.scores[n, c] > 0:
                    d[n, j] += 1 / N
                    d[n, c] -= 1 / N
        return d
