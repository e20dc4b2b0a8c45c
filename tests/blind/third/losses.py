# Answers by somebody who had not seen the grader, for seven assignments: wrong in ways known from
# hand-ins, and right in many styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% SumSquaredError: factor-two-missing
# the factor 2 of the power rule is missing, as if the loss carried 1/2.
# spoilt: dscores
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        diff = self.error
        grad = np.zeros(diff.shape)
        for idx, e in np.ndenumerate(diff):
            grad[idx] = e
        return grad
        # END SOLUTION


# %% SumSquaredError: divided-by-batch
# the gradient is divided by the number of examples although the loss is a plain sum.
# spoilt: dscores
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        N = self.error.shape[0]
        dscores = 2.0 * self.error
        dscores /= N
        return dscores


# %% SumSquaredError: not-repeatable
# the stored error is doubled in place, so a second backward gives four times the error.
# spoilt: dscores
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        self.error *= 2
        return self.error
        # END SOLUTION


# %% SumSquaredError: sign-lost
# the sign of the error is lost: twice the absolute error is returned.
# spoilt: dscores
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return 2 * np.sqrt(np.square(self.error))


# %% MSELoss: not-divided-by-width
# divided by the number of examples and not by the number of entries.
# spoilt: dscores
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        n = len(self.error)
        return np.array([[2 * e / n for e in row] for row in self.error])
        # END SOLUTION


# %% MSELoss: constant-wrong
# the factor 2 is missing and the sign is that of targets minus scores.
# spoilt: dscores
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        minus_error = np.negative(self.error)
        return np.divide(minus_error, np.prod(self.error.shape))


# %% SoftmaxCrossEntropy: entries-left-zero
# the gradient is written into an array of integers, so all probabilities are cut off to whole
# numbers.
# spoilt: dscores
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # BEGIN SOLUTION: your code in place of the next line
        one_hot = np.zeros(self.p.shape, dtype=self.targets.dtype)
        for n, c in enumerate(self.targets):
            one_hot[n, c] = 1
        grad = one_hot.copy()
        grad[:] = self.p - one_hot
        return grad / len(self.targets)
        # END SOLUTION


# %% MSELoss: one-number-for-many
# the mean of the gradient over the batch is returned for every example instead of each entry's
# own error.
# spoilt: dscores
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        g = 2 * np.mean(self.error, axis=0) / self.error.shape[1]
        return np.tile(g, (self.error.shape[0], 1))


# %% LogisticCrossEntropy: before-the-activation
# this is the derivative with respect to the probability and not to the logit; it also overflows
# where p(1-p) is zero.
# spoilt: dscores
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        # BEGIN SOLUTION: your code in place of the next line
        p = sigmoid(self.z)
        return (p - self.t) / (p * (1 - p)) / len(self.z)
        # END SOLUTION


# %% LogisticCrossEntropy: overflow
# exp(z)/(1+exp(z)) overflows to nan for z = 1000.
# spoilt: dscores
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        e = np.exp(self.z)
        s = e / (1 + e)
        grad = s - self.t
        return grad / self.z.size


# %% LogisticCrossEntropy: not-divided-by-batch
# the 1/N of the mean is missing.
# spoilt: dscores
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        # BEGIN SOLUTION: your code in place of the next line
        out = []
        for z, t in zip(self.z, self.t):
            out.append(sigmoid(z) - t)
        return np.array(out)
        # END SOLUTION


# %% LogisticCrossEntropy: wrong-for-targets-of-zero
# examples of class 0 get the probability of class 0, 1 - p, instead of p.
# spoilt: dscores
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        p = sigmoid(self.z)
        d = np.where(self.t == 1, p - 1, 1 - p)
        return d / len(d)


# %% SoftmaxCrossEntropy: columns-for-pairs
# one is subtracted in whole columns (p[:, targets]) and not in one entry per row.
# spoilt: dscores
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # BEGIN SOLUTION: your code in place of the next line
        N = self.p.shape[0]
        dz = self.p.copy()
        dz[:, self.targets] -= 1
        return dz / N
        # END SOLUTION


# %% SoftmaxCrossEntropy: not-repeatable
# the cached probabilities are changed in place, so a second backward subtracts one again.
# spoilt: dscores
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        g = self.p
        g[np.arange(len(self.targets)), self.targets] -= 1
        return g / len(g)


# %% SoftmaxCrossEntropy: wrong-at-true-class
# the probabilities are divided by N before the one is subtracted, which is therefore not
# divided.
# spoilt: dscores
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # BEGIN SOLUTION: your code in place of the next line
        n, c = self.p.shape
        probs = self.p / n
        one_hot = np.eye(c)[self.targets]
        return probs - one_hot
        # END SOLUTION


# %% SoftmaxCrossEntropy: -
# divided by batch times classes and not by batch; and only the entry of the true class is
# filled, all others are zero.
# spoilt: dscores
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        rows = range(len(self.targets))
        dscores = np.zeros_like(self.p)
        for r in rows:
            c = self.targets[r]
            dscores[r, c] = (self.p[r, c] - 1) / self.p.size
        return dscores


# %% HingeLoss: wrong-at-true-class
# the true class gets -1 and not minus the number of violated margins.
# spoilt: dscores
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # BEGIN SOLUTION: your code in place of the next line
        idx = np.arange(self.terms.shape[0])
        indicator = (self.terms > 0).astype(float)
        indicator[idx, self.targets] = -1.0
        return indicator / len(idx)
        # END SOLUTION


# %% HingeLoss: value-for-gate
# the size of the violation is used as the slope instead of 1.
# spoilt: dscores
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        N = len(self.targets)
        d = self.terms.copy()
        for n in range(N):
            d[n, self.targets[n]] = -np.sum(self.terms[n])
        return d / N


# %% HingeLoss: statement-missing
# the score of the true class gets no gradient at all.
# spoilt: dscores
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # BEGIN SOLUTION: your code in place of the next line
        return np.sign(self.terms) / self.terms.shape[0]
        # END SOLUTION


# %% HingeLoss: -
# the true class gets minus the number of violations counted down the column over the batch, not
# along its row; and the mean is taken twice.
# spoilt: dscores
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        n = len(self.targets)
        active = 1.0 * (self.terms > 0)
        per_class = active.sum(axis=0)
        active[np.arange(n), self.targets] -= per_class[self.targets]
        active *= 1.0 / n
        return active / n


# %% SumSquaredError: right
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        return self.error + self.error
        # END SOLUTION


# %% MSELoss: right
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        from math import prod
        k = prod(self.error.shape)
        return np.vectorize(lambda e: (e + e) / k, otypes=[float])(self.error)


# %% LogisticCrossEntropy: right
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        # BEGIN SOLUTION: your code in place of the next line
        half = np.tanh(self.z / 2)  # sigmoid = (1 + tanh(z/2)) / 2
        return (half + (1 - 2 * np.asarray(self.t, float))) / (2 * len(self.z))
        # END SOLUTION


# %% LogisticCrossEntropy: right
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        n = len(self.z)
        return np.array([(self._p(z) - t) / n for z, t in zip(self.z, self.t)])

    @staticmethod
    def _p(z):
        if z >= 0:
            return 1 / (1 + np.exp(-z))
        e = np.exp(z)
        return e / (1 + e)


# %% SoftmaxCrossEntropy: right
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # chain rule without cancelling: d loss / d p, then the softmax Jacobian row by row,
        # all multiplied by p_c so that nothing is divided by a small p_c
        N, C = self.p.shape
        out = np.empty((C, N))
        for n, c in enumerate(self.targets):
            others = np.delete(np.arange(C), c)
            out[others, n] = self.p[n, others]
            out[c, n] = -self.p[n, others].sum()
        return (out / N).T


# %% SoftmaxCrossEntropy: right
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        self.log_p = log_p
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # BEGIN SOLUTION: your code in place of the next line
        w = 1.0 / len(self.targets)
        g = np.exp(self.log_p) * w
        np.subtract.at(g, (np.arange(len(self.targets)), self.targets), w)
        return g
        # END SOLUTION


# %% HingeLoss: right
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        self.scores = scores
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        S, N = self.scores, len(self.targets)
        g = np.zeros(S.shape)
        for n, c in enumerate(self.targets):
            for j, s in enumerate(S[n]):
                if j == c or 1 + s - S[n, c] <= 0:
                    continue
                g[n, j] += 1 / N
                g[n, c] -= 1 / N
        return g


# %% HingeLoss: right
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, classes)."""
        # BEGIN SOLUTION: your code in place of the next line
        A = (self.terms > 0) / len(self.terms)
        E = np.eye(A.shape[1])[self.targets]
        return A - np.diag(A @ np.ones(A.shape[1])) @ E
        # END SOLUTION
