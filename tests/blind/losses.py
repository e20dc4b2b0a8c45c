# Wrong answers written from a list of mistakes seen in real hand-ins, without a look at what the
# mutator makes, and in other styles than the reference. Each cell begins with the exercise and the
# names that are true of it; "-" where no name in the catalogue is.

# %% SumSquaredError: factor-two-missing, factor-missing
class SumSquaredError:
    def forward(self, scores, targets):
        self.d = scores - targets
        return (self.d * self.d).sum()

    def backward(self):
        return self.d


# %% SumSquaredError: sign-flipped
class SumSquaredError:
    def forward(self, scores, targets):
        self.d = targets - scores
        return (self.d * self.d).sum()

    def backward(self):
        return 2 * self.d


# %% SumSquaredError: divided-by-batch
class SumSquaredError:
    def forward(self, scores, targets):
        self.d = scores - targets
        return (self.d * self.d).sum()

    def backward(self):
        return 2 * self.d / len(self.d)


# %% SumSquaredError: divided-by-entries
class SumSquaredError:
    def forward(self, scores, targets):
        self.d = scores - targets
        return (self.d * self.d).sum()

    def backward(self):
        return 2 * self.d / np.prod(self.d.shape)


# %% SumSquaredError: sign-lost
class SumSquaredError:
    def forward(self, scores, targets):
        self.d = scores - targets
        return (self.d * self.d).sum()

    def backward(self):
        return 2 * np.abs(self.d)


# %% SumSquaredError: another-array, another-array-throughout, term-missing
class SumSquaredError:
    def forward(self, scores, targets):
        self.s = scores
        return ((scores - targets) ** 2).sum()

    def backward(self):
        return 2 * self.s


# %% MSELoss: factor-two-missing, factor-missing
class MSELoss:
    def forward(self, scores, targets):
        self.d = scores - targets
        return np.mean(self.d**2)

    def backward(self):
        return self.d / self.d.size


# %% MSELoss: not-divided-by-width
class MSELoss:
    def forward(self, scores, targets):
        self.d = scores - targets
        return np.mean(self.d**2)

    def backward(self):
        return 2 * self.d / len(self.d)


# %% MSELoss: not-divided-by-batch
class MSELoss:
    def forward(self, scores, targets):
        self.d = scores - targets
        return np.mean(self.d**2)

    def backward(self):
        return 2 * self.d / self.d.shape[1]


# %% MSELoss: not-divided-by-entries, factor-missing
class MSELoss:
    def forward(self, scores, targets):
        self.d = scores - targets
        return np.mean(self.d**2)

    def backward(self):
        return self.d * 2.0


# %% MSELoss: sign-flipped
class MSELoss:
    def forward(self, scores, targets):
        self.d = scores - targets
        return np.mean(self.d**2)

    def backward(self):
        return -2 / self.d.size * self.d


# %% MSELoss: summed-too-far, one-number-for-many
class MSELoss:
    def forward(self, scores, targets):
        self.d = scores - targets
        return np.mean(self.d**2)

    def backward(self):
        return 2 * self.d.mean() * np.ones_like(self.d)


# %% LogisticCrossEntropy: sign-flipped
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return np.mean(np.logaddexp(0, scores) - targets * scores)

    def backward(self):
        s = np.exp(-np.logaddexp(0, -self.z))
        return (self.t - s) / self.z.size


# %% LogisticCrossEntropy: not-divided-by-batch, factor-missing
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return np.mean(np.logaddexp(0, scores) - targets * scores)

    def backward(self):
        return np.exp(-np.logaddexp(0, -self.z)) - self.t


# %% LogisticCrossEntropy: call-missing, another-array
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return np.mean(np.logaddexp(0, scores) - targets * scores)

    def backward(self):
        return (self.z - self.t) / len(self.t)


# %% LogisticCrossEntropy: slope-twice
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return np.mean(np.logaddexp(0, scores) - targets * scores)

    def backward(self):
        s = np.exp(-np.logaddexp(0, -self.z))
        return (s - self.t) * s * (1 - s) / len(self.t)


# %% LogisticCrossEntropy: term-missing
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return np.mean(np.logaddexp(0, scores) - targets * scores)

    def backward(self):
        s = np.exp(-np.logaddexp(0, -self.z))
        return s / len(self.t)


# %% LogisticCrossEntropy: term-missing
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return np.mean(np.logaddexp(0, scores) - targets * scores)

    def backward(self):
        return -self.t / len(self.t)


# %% LogisticCrossEntropy: overflow
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return np.mean(np.logaddexp(0, scores) - targets * scores)

    def backward(self):
        e = np.exp(self.z)
        return (e / (1 + e) - self.t) / len(self.t)


# %% SoftmaxCrossEntropy: not-divided-by-batch, factor-missing
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        Y = np.eye(self.p.shape[1])[self.y]
        return self.p - Y


# %% SoftmaxCrossEntropy: divided-by-width
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        Y = np.eye(self.p.shape[1])[self.y]
        return (self.p - Y) / Y.size


# %% SoftmaxCrossEntropy: sign-flipped
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        Y = np.eye(self.p.shape[1])[self.y]
        return (Y - self.p) / len(Y)


# %% SoftmaxCrossEntropy: statement-missing, term-missing, wrong-at-true-class
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        return self.p / self.p.shape[0]


# %% SoftmaxCrossEntropy: wrong-at-true-class, sign-flipped
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        d = self.p.copy()
        for i, y in enumerate(self.y):
            d[i, y] += 1
        return d / len(d)


# %% SoftmaxCrossEntropy: columns-for-pairs
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        d = self.p.copy()
        d[:, self.y] -= 1
        return d / len(d)


# %% SoftmaxCrossEntropy: wrong-at-true-class
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        d = self.p / len(self.p)
        d[np.arange(len(d)), self.y] -= 1
        return d


# %% SoftmaxCrossEntropy: wrong-at-other-classes
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        d = np.zeros_like(self.p)
        for i in range(len(d)):
            d[i, self.y[i]] = self.p[i, self.y[i]] - 1
        return d / len(d)


# %% SoftmaxCrossEntropy: last-example-only
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        z = scores - scores.max(1, keepdims=True)
        self.p = np.exp(z) / np.exp(z).sum(1, keepdims=True)
        self.y = targets
        return -np.mean(np.log(self.p[range(len(z)), targets] + 1e-300))

    def backward(self):
        d = np.zeros_like(self.p)
        for i in range(len(d)):
            row = self.p[i].copy()
            row[self.y[i]] -= 1
        d[i] = row
        return d / len(d)


# %% HingeLoss: not-divided-by-batch, factor-missing
class HingeLoss:
    def forward(self, scores, targets):
        self.s, self.y = scores, targets
        n = np.arange(len(scores))
        m = np.maximum(0, scores - scores[n, targets][:, None] + 1)
        m[n, targets] = 0
        self.m = m
        return m.sum() / len(scores)

    def backward(self):
        d = np.where(self.m > 0, 1.0, 0.0)
        for i in range(len(d)):
            d[i, self.y[i]] = -np.count_nonzero(self.m[i])
        return d


# %% HingeLoss: wrong-at-true-class, constant-wrong, call-missing
class HingeLoss:
    def forward(self, scores, targets):
        self.s, self.y = scores, targets
        n = np.arange(len(scores))
        m = np.maximum(0, scores - scores[n, targets][:, None] + 1)
        m[n, targets] = 0
        self.m = m
        return m.sum() / len(scores)

    def backward(self):
        d = np.where(self.m > 0, 1.0, 0.0)
        for i in range(len(d)):
            d[i, self.y[i]] = -1
        return d / len(d)


# %% HingeLoss: statement-missing, wrong-at-true-class
class HingeLoss:
    def forward(self, scores, targets):
        self.s, self.y = scores, targets
        n = np.arange(len(scores))
        m = np.maximum(0, scores - scores[n, targets][:, None] + 1)
        m[n, targets] = 0
        self.m = m
        return m.sum() / len(scores)

    def backward(self):
        d = np.where(self.m > 0, 1.0, 0.0)
        return d / len(d)


# %% HingeLoss: sign-flipped
class HingeLoss:
    def forward(self, scores, targets):
        self.s, self.y = scores, targets
        n = np.arange(len(scores))
        m = np.maximum(0, scores - scores[n, targets][:, None] + 1)
        m[n, targets] = 0
        self.m = m
        return m.sum() / len(scores)

    def backward(self):
        d = np.where(self.m > 0, 1.0, 0.0)
        for i in range(len(d)):
            d[i, self.y[i]] = d[i].sum()
        return d / len(d)


# %% HingeLoss: value-for-gate
class HingeLoss:
    def forward(self, scores, targets):
        self.s, self.y = scores, targets
        n = np.arange(len(scores))
        m = np.maximum(0, scores - scores[n, targets][:, None] + 1)
        m[n, targets] = 0
        self.m = m
        return m.sum() / len(scores)

    def backward(self):
        d = self.m.copy()
        d[np.arange(len(d)), self.y] = -self.m.sum(1)
        return d / len(d)


# %% HingeLoss: wrong-at-true-class
class HingeLoss:
    def forward(self, scores, targets):
        self.s, self.y = scores, targets
        n = np.arange(len(scores))
        m = np.maximum(0, scores - scores[n, targets][:, None] + 1)
        m[n, targets] = 0
        self.m = m
        return m.sum() / len(scores)

    def backward(self):
        n = np.arange(len(self.s))
        d = ((self.s - self.s[n, self.y][:, None] + 1) > 0) * 1.0
        d[n, self.y] -= d.sum(1) - 1
        return d / len(d)
