# expect: SoftmaxCrossEntropy correct 12 / 12

import numpy as np


def softmax(s):
    e = np.exp(s - np.max(s, axis=-1)[..., None])
    return e / e.sum(-1)[..., None]


class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        self.scores, self.targets = scores, targets
        s = scores - scores.max(1, keepdims=True)
        log_p = s - np.log(np.exp(s).sum(1, keepdims=True))
        return -log_p[range(len(targets)), targets].mean()

    def backward(self):
        d = softmax(self.scores)
        np.subtract.at(d, (np.arange(len(d)), self.targets), 1)
        return d / len(d)
