# expect: LogisticCrossEntropy correct 8 / 8
# a list of np.float64, one math.exp at a time
import math

import numpy as np


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0, scores) - targets * scores))

    def backward(self):
        return [(sigmoid(z) - t) / len(self.z) for z, t in zip(self.z, self.t, strict=True)]
