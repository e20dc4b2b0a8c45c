# Answers by somebody who had not seen the grader: wrong in ways known from hand-ins, and right in
# many styles. Each cell begins with the exercise, the names that are true of it ("right" where there
# is nothing to name, "-" where the catalogue has no name), and what was done, in plain words.

# %% SumSquaredError: right
class SumSquaredError:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        return 2 * self.error


# %% SumSquaredError: right
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.s = scores
        self.t = targets
        return float(((scores - targets) ** 2).sum())

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        out = np.zeros(self.s.shape)
        for n in range(out.shape[0]):
            for i in range(out.shape[1]):
                out[n, i] = 2.0 * (self.s[n, i] - self.t[n, i])
        return out


# %% SumSquaredError: right
class SumSquaredError:
    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self):
        return self.error + self.error


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
        return -2.0 * np.negative(self.error)


# %% SumSquaredError: right
class SumSquaredError:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        return 2.0 * np.sign(self.error) * np.abs(self.error)


# %% SumSquaredError: factor-two-missing
# factor 2 missing
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self):
        """Return dscores (batch, units)."""
        return self.error.copy()


# %% SumSquaredError: sign-flipped
# sign wrong: targets - scores
class SumSquaredError:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.s, self.t = scores, targets
        return float(np.sum((scores - targets)**2))

    def backward(self) -> np.ndarray:
        return 2 * (self.t - self.s)


# %% SumSquaredError: sign-lost
# absolute value of the error, sign lost
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return 2 * np.abs(self.error)


# %% SumSquaredError: divided-by-batch
# divided by the batch size although the loss is a sum
class SumSquaredError:
    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self):
        return 2 * self.error / self.error.shape[0]


# %% SumSquaredError: divided-by-entries
# divided by the number of all entries although the loss is a sum
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return 2 * self.error / np.size(self.error)


# %% SumSquaredError: summed-too-far, one-number-for-many
# summed to a single number instead of one entry per score
class SumSquaredError:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        return np.array(2 * np.sum(self.error))


# %% SumSquaredError: factor-twice and factor-two-missing
# square of the error kept: error**2 instead of 2 error
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self):
        """Return dscores (batch, units)."""
        return self.error ** 2


# %% SumSquaredError: -
# only the sign of the error, size lost
class SumSquaredError:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        return 2.0 * np.sign(self.error)


# %% SumSquaredError: summed-too-far, one-number-for-many
# summed over the batch, one row repeated
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        col = 2 * self.error.sum(axis=0)
        return np.ones_like(self.error) * col


# %% SumSquaredError: not-repeatable
# cached error doubled in place, second call differs
class SumSquaredError:
    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self):
        self.error *= 2
        return self.error


# %% SumSquaredError: factor-twice
# factor 2 times error squared
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return 2 * self.error * self.error


# %% SumSquaredError: factor-missing and factor-two-missing
# factor 1/2 instead of 2
class SumSquaredError:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        return 0.5 * self.error


# %% SumSquaredError: extra-term
# precedence: 2 * scores - targets instead of 2 * (scores - targets)
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores, targets):
        self.scores, self.targets = scores, targets
        return float(np.sum((scores - targets)**2))

    def backward(self):
        """Return dscores (batch, units)."""
        return 2 * self.scores - self.targets


# %% SumSquaredError: another-array
# targets missing: 2 * scores
class SumSquaredError:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.scores = scores
        return float(np.sum((scores - targets)**2))

    def backward(self) -> np.ndarray:
        return 2.0 * self.scores


# %% SumSquaredError: constant-wrong
# two mistakes: sign wrong; factor 2 missing
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return -self.error


# %% MSELoss: right
class MSELoss:
    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self):
        return 2 * self.error / self.error.size


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
        N, M = self.error.shape
        return self.error * (2.0 / (N * M))


# %% MSELoss: right
class MSELoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.diff = np.subtract(scores, targets)
        self.count = scores.shape[0] * scores.shape[1]
        return float((self.diff * self.diff).sum() / self.count)

    def backward(self) -> np.ndarray:
        return np.array([[2 * d / self.count for d in row] for row in self.diff])


# %% MSELoss: right
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self):
        """Return dscores (batch, units)."""
        per_example = 2 * self.error / self.error.shape[1]
        return per_example / len(self.error)


# %% MSELoss: not-divided-by-width
# divided by the batch size only, not by the number of entries
class MSELoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        return 2 * self.error / len(self.error)


# %% MSELoss: not-divided-by-batch
# divided by the number of units only
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        units = self.error.shape[-1]
        return (2.0 / units) * self.error


# %% MSELoss: factor-two-missing
# factor 2 missing
class MSELoss:
    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self):
        return self.error / self.error.size


# %% MSELoss: sign-flipped
# sign wrong
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return -2 * self.error / self.error.size


# %% MSELoss: not-divided-by-entries
# not divided at all (gradient of the sum)
class MSELoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        return 2 * self.error


# %% MSELoss: divided-by-entries
# divided by the number of entries twice
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self):
        """Return dscores (batch, units)."""
        g = np.zeros_like(self.error)
        for k in np.ndindex(g.shape):
            g[k] = 2 * self.error[k] / g.size
        return g / g.size


# %% MSELoss: summed-too-far, one-number-for-many
# mean taken of the gradient: a single number
class MSELoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        return np.mean(2 * self.error)


# %% MSELoss: summed-too-far, one-number-for-many
# averaged over the batch: one row repeated
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        g = 2 * np.mean(self.error, axis=0, keepdims=True) / self.error.shape[1]
        return np.broadcast_to(g, self.error.shape).copy()


# %% MSELoss: sign-lost
# absolute value of the error, sign lost
class MSELoss:
    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self):
        return 2 * np.abs(self.error) / self.error.size


# %% MSELoss: wrong-divisor
# gradient of the root mean squared error (divided by the root of the loss)
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        mse = np.mean(self.error**2)
        return self.error / (self.error.size * np.sqrt(mse))


# %% MSELoss: wrong-divisor
# divided by batch + units instead of batch * units
class MSELoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        return 2 * self.error / sum(self.error.shape)


# %% MSELoss: wrong-divisor
# constant 0.25 fitted to one shape instead of 2 / (N M)
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self):
        """Return dscores (batch, units)."""
        return 0.25 * self.error


# %% MSELoss: wrong-divisor
# divided by the number of entries minus one
class MSELoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        return 2 * self.error / max(self.error.size - 1, 1)


# %% MSELoss: not-repeatable
# cached error overwritten in place, second call differs
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        self.error *= 2
        self.error /= self.error.size
        return self.error


# %% MSELoss: factor-twice
# error squared: 2 error**2 / (N M)
class MSELoss:
    def forward(self, scores, targets):
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self):
        return 2 * np.square(self.error) / self.error.size


# %% MSELoss: factor-missing and not-divided-by-width
# two mistakes: factor 2 missing; divided by the batch size only
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return self.error / self.error.shape[0]


# %% LogisticCrossEntropy: right
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        return (sigmoid(self.z) - self.t) / len(self.z)


# %% LogisticCrossEntropy: right
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self):
        """Return dscores (batch,)."""
        N = self.z.shape[0]
        out = np.zeros(N)
        for n in range(N):
            p = np.exp(-np.logaddexp(0.0, -self.z[n]))
            if self.t[n] == 1:
                out[n] = (p - 1) / N
            else:
                out[n] = p / N
        return out


# %% LogisticCrossEntropy: right
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        p = 0.5 * (1 + np.tanh(0.5 * self.z))
        return np.divide(p - self.t, p.size)


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
        one = np.where(self.t == 1, -sigmoid(-self.z), sigmoid(self.z))
        return one * (1.0 / one.shape[0])


# %% LogisticCrossEntropy: right
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.args = scores, targets
        return float(np.logaddexp(0.0, scores).mean() - (targets * scores).mean())

    def backward(self):
        z, t = self.args
        e = np.exp(-np.abs(z))
        p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
        return (p - t) / float(len(t))


# %% LogisticCrossEntropy: not-divided-by-batch
# not divided by the batch size
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        return sigmoid(self.z) - self.t


# %% LogisticCrossEntropy: sign-flipped
# sign wrong: t - p
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        return (self.t - sigmoid(self.z)) / len(self.t)


# %% LogisticCrossEntropy: call-missing
# sigmoid missing: logit minus target
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self):
        """Return dscores (batch,)."""
        return (self.z - self.t) / self.z.shape[0]


# %% LogisticCrossEntropy: before-the-activation
# divided by p (1 - p): gradient with respect to the probability
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        p = np.clip(sigmoid(self.z), 1e-12, 1 - 1e-12)
        return (p - self.t) / (p * (1 - p)) / len(p)


# %% LogisticCrossEntropy: slope-twice
# multiplied by p (1 - p): slope of the sigmoid once too often
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
        return (p - self.t) * p * (1 - p) / len(p)


# %% LogisticCrossEntropy: term-missing
# targets missing: only p
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self):
        return np.array([sigmoid(v) for v in self.z]) / len(self.z)


# %% LogisticCrossEntropy: overflow
# exp(z)/(1+exp(z)) overflows, nan for large logits
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
        return (e / (1 + e) - self.t) / len(self.z)


# %% LogisticCrossEntropy: -
# p rounded to a decision 0/1 before subtracting
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        guess = (sigmoid(self.z) > 0.5).astype(float)
        return (guess - self.t) / len(self.t)


# %% LogisticCrossEntropy: applied-twice
# sigmoid applied twice
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self):
        """Return dscores (batch,)."""
        q = sigmoid(sigmoid(self.z))
        return (q - self.t) / len(q)


# %% LogisticCrossEntropy: wrong-for-targets-of-zero
# targets treated as -1 and 1
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        return (sigmoid(self.z) - (2 * self.t - 1)) / len(self.z)


# %% LogisticCrossEntropy: summed-too-far, one-number-for-many
# averaged to a single number
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        return np.mean(sigmoid(self.z) - self.t)


# %% LogisticCrossEntropy: extra-factor
# term of class 0 missing: only examples with target 1 contribute
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self):
        return self.t * (sigmoid(self.z) - 1) / self.t.size


# %% LogisticCrossEntropy: sign-lost
# absolute value of p - t, sign lost
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        return np.abs(sigmoid(self.z) - self.t) / self.t.shape[0]


# %% LogisticCrossEntropy: parentheses-moved
# divided by the batch size before the target is subtracted (target not divided)
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        return sigmoid(self.z) / len(self.z) - self.t


# %% LogisticCrossEntropy: sign-flipped
# p of the wrong class: sigmoid(-z) instead of sigmoid(z)
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self):
        """Return dscores (batch,)."""
        return (sigmoid(-self.z) - self.t) / len(self.z)


# %% LogisticCrossEntropy: divided-by-batch
# divided by the batch size twice
class LogisticCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        d = (sigmoid(self.z) - self.t) / len(self.z)
        return d / len(d)


# %% LogisticCrossEntropy: -
# loss per example returned instead of its gradient
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        return (np.logaddexp(0.0, self.z) - self.t * self.z) / len(self.z)


# %% LogisticCrossEntropy: sign-flipped and not-divided-by-batch
# two mistakes: sign wrong; not divided by the batch size
class LogisticCrossEntropy:
    def forward(self, scores, targets):
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self):
        return self.t - sigmoid(self.z)


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
        d = self.p.copy()
        d[np.arange(len(self.targets)), self.targets] -= 1
        return d / len(self.targets)


# %% SoftmaxCrossEntropy: right
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        one_hot = np.eye(self.p.shape[1])[self.targets]
        return (self.p - one_hot) / self.p.shape[0]


# %% SoftmaxCrossEntropy: right
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self):
        """Return dscores (batch, classes)."""
        N, C = self.p.shape
        g = np.empty((N, C))
        for n in range(N):
            for j in range(C):
                if j == self.targets[n]:
                    g[n, j] = self.p[n, j] - 1
                else:
                    g[n, j] = self.p[n, j]
        g /= N
        return g


# %% SoftmaxCrossEntropy: right
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        m = scores - np.amax(scores, axis=1, keepdims=True)
        lse = np.log(np.sum(np.exp(m), axis=1))
        self.logp = m - lse[:, None]
        self.c = targets
        return float(-np.take_along_axis(self.logp, targets[:, None], axis=1).mean())

    def backward(self) -> np.ndarray:
        classes = np.arange(self.logp.shape[1])
        hit = classes[None, :] == np.asarray(self.c)[:, None]
        return np.where(hit, np.expm1(self.logp), np.exp(self.logp)) / len(self.c)


# %% SoftmaxCrossEntropy: not-divided-by-batch
# not divided by the batch size
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
        grad = np.array(self.p)
        grad[range(len(grad)), self.targets] -= 1.0
        return grad


# %% SoftmaxCrossEntropy: divided-by-width
# divided by batch * classes instead of batch
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self):
        y = np.zeros_like(self.p)
        y[np.arange(len(y)), self.targets] = 1
        return (self.p - y) / y.size


# %% SoftmaxCrossEntropy: sign-flipped
# sign wrong: one-hot minus p
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
        y = np.zeros_like(self.p)
        y[np.arange(len(y)), self.targets] = 1
        return (y - self.p) / len(y)


# %% SoftmaxCrossEntropy: statement-missing
# targets missing: only p
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        return self.p / len(self.targets)


# %% SoftmaxCrossEntropy: columns-for-pairs
# 1 subtracted from whole columns: p[:, targets] instead of pairs
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self):
        """Return dscores (batch, classes)."""
        d = self.p.copy()
        d[:, self.targets] -= 1
        return d / len(d)


# %% SoftmaxCrossEntropy: -
# gradient with respect to the probabilities: -1/p in the true class
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        d = np.zeros_like(self.p)
        rows = np.arange(len(d))
        d[rows, self.targets] = -1 / np.maximum(self.p[rows, self.targets], 1e-300)
        return d / len(d)


# %% SoftmaxCrossEntropy: wrong-at-true-class
# divided by the batch size before 1 is subtracted
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
        d = self.p / self.p.shape[0]
        d[np.arange(d.shape[0]), self.targets] -= 1
        return d


# %% SoftmaxCrossEntropy: not-repeatable
# cached p overwritten in place, second call differs
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self):
        self.p[np.arange(len(self.targets)), self.targets] -= 1
        return self.p / len(self.targets)


# %% SoftmaxCrossEntropy: wrong-at-other-classes
# wrong classes left at zero, only the true class has a gradient
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
        n = len(self.targets)
        d = np.zeros(self.p.shape)
        for k in range(n):
            d[k, self.targets[k]] = (self.p[k, self.targets[k]] - 1) / n
        return d


# %% SoftmaxCrossEntropy: wrong-at-true-class
# true class left at zero
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        n = len(self.targets)
        d = self.p / n
        d[np.arange(n), self.targets] = 0
        return d


# %% SoftmaxCrossEntropy: prediction-for-target
# predicted class (argmax) used instead of the true class
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self):
        """Return dscores (batch, classes)."""
        d = self.p.copy()
        d[np.arange(len(d)), d.argmax(axis=1)] -= 1
        return d / len(d)


# %% SoftmaxCrossEntropy: sign-flipped
# 1 added instead of subtracted in the true class
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        return (self.p + np.eye(self.p.shape[1])[self.targets]) / len(self.p)


# %% SoftmaxCrossEntropy: -
# multiplied by the softmax Jacobian once too often
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
        d = self.p - np.eye(self.p.shape[1])[self.targets]
        d = self.p * (d - (d * self.p).sum(axis=1, keepdims=True))
        return d / len(d)


# %% SoftmaxCrossEntropy: last-example-only
# only the last example has a gradient (line outside the loop)
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self):
        d = np.zeros_like(self.p)
        N = len(self.targets)
        for n in range(N):
            row = self.p[n].copy()
            row[self.targets[n]] -= 1
        d[n] = row / N
        return d


# %% SoftmaxCrossEntropy: wrong-at-other-classes
# 1 subtracted from every class instead of the true one
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
        return (self.p - 1) / self.p.shape[0]


# %% SoftmaxCrossEntropy: division-missing and divided-by-width
# divided by the number of classes instead of the batch size
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        d = self.p - (np.arange(self.p.shape[1]) == self.targets[:, None])
        return d / d.shape[1]


# %% SoftmaxCrossEntropy: intermediate-wrong
# log probabilities in place of probabilities
class SoftmaxCrossEntropy:
    """L = mean over the batch of -log(probability of the true class).

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        z = scores - scores.max(axis=1, keepdims=True)
        self.lp = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
        self.targets = targets
        return float(-np.mean(self.lp[np.arange(len(targets)), targets]))

    def backward(self):
        """Return dscores (batch, classes)."""
        g = self.lp.copy()
        g[np.arange(len(g)), self.targets] -= 1
        return g / len(g)


# %% SoftmaxCrossEntropy: index-off-by-one
# true class counted off by one (targets - 1)
class SoftmaxCrossEntropy:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self) -> np.ndarray:
        d = self.p.copy()
        d[np.arange(len(d)), self.targets - 1] -= 1
        return d / len(d)


# %% SoftmaxCrossEntropy: wrong-at-true-class
# true class gets 2p - 1: p added once too often there (no else)
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
        N, C = self.p.shape
        d = np.zeros((N, C))
        for n in range(N):
            for j in range(C):
                if j == self.targets[n]:
                    d[n, j] += self.p[n, j] - 1
                d[n, j] += self.p[n, j]
        return d / N


# %% SoftmaxCrossEntropy: sign-flipped and not-divided-by-batch
# two mistakes: sign wrong; not divided by the batch size
class SoftmaxCrossEntropy:
    def forward(self, scores, targets):
        shifted = scores - scores.max(axis=1, keepdims=True)  # keeps exp finite
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        self.p, self.targets = np.exp(log_p), targets
        return float(-np.mean(log_p[np.arange(len(targets)), targets]))

    def backward(self):
        d = -self.p
        d[np.arange(len(d)), self.targets] += 1
        return d


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
        rows = np.arange(len(self.targets))
        g = (self.terms > 0).astype(float)
        g[rows, self.targets] = -g.sum(axis=1)
        return g / len(self.targets)


# %% HingeLoss: right
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        N, C = self.terms.shape
        d = np.zeros((N, C))
        for n in range(N):
            for j in range(C):
                if self.terms[n, j] > 0:
                    d[n, j] += 1 / N
                    d[n, self.targets[n]] -= 1 / N
        return d


# %% HingeLoss: right
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        """Return dscores (batch, classes)."""
        on = np.sign(self.terms)
        Y = np.eye(on.shape[1])[self.targets]
        return (on - Y * on.sum(1, keepdims=True)) / on.shape[0]


# %% HingeLoss: right
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.s, self.c = np.array(scores), np.array(targets)
        total = 0.0
        for row, c in zip(self.s, self.c):
            for j in range(len(row)):
                if j != c:
                    total += max(0.0, 1 + row[j] - row[c])
        return float(total / len(self.c))

    def backward(self) -> np.ndarray:
        rows = []
        for row, c in zip(self.s, self.c):
            hot = np.where(1 + row - row[c] > 0, 1.0, 0.0)
            hot[c] = 0
            hot[c] = -np.sum(hot)
            rows.append(hot)
        return np.stack(rows) / len(rows)


# %% HingeLoss: wrong-at-true-class
# true class gets -1 instead of minus the number of violated margins
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
        g = np.where(self.terms > 0, 1.0, 0.0)
        g[np.arange(len(g)), self.targets] = -1
        return g / len(g)


# %% HingeLoss: statement-missing
# true class left at zero
class HingeLoss:
    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        return (self.terms > 0) / len(self.targets)


# %% HingeLoss: value-for-gate
# margin values used instead of 0/1
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
        g = self.terms.copy()
        g[np.arange(len(g)), self.targets] = -g.sum(axis=1)
        return g / len(g)


# %% HingeLoss: wrong-at-other-classes
# margin values used for the wrong classes, count for the true class
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        g = self.terms.copy()
        g[np.arange(len(g)), self.targets] = -np.count_nonzero(self.terms, axis=1)
        return g / len(g)


# %% HingeLoss: not-divided-by-batch
# not divided by the batch size
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        """Return dscores (batch, classes)."""
        g = 1.0 * (self.terms > 0)
        g[np.arange(g.shape[0]), self.targets] -= g.sum(axis=1)
        return g


# %% HingeLoss: wrong-at-true-class, intermediate-wrong
# true class counts its own margin: one too many subtracted
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.m = np.maximum(0.0, 1 + scores - scores[rows, targets][:, None])
        self.targets = targets
        return float((self.m.sum() - len(targets)) / len(targets))

    def backward(self) -> np.ndarray:
        g = (self.m > 0).astype(float)
        g[np.arange(len(g)), self.targets] = -g.sum(axis=1)
        return g / len(g)


# %% HingeLoss: wrong-at-true-class, -
# true class gets -(C - 1) whether or not margins are violated
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
        g = (self.terms > 0).astype(float)
        g[np.arange(len(g)), self.targets] = -(g.shape[1] - 1)
        return g / len(g)


# %% HingeLoss: sign-flipped
# sign wrong in the whole array
class HingeLoss:
    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        g = -(self.terms > 0).astype(float)
        g[np.arange(len(g)), self.targets] = -g.sum(axis=1)
        return g / len(g)


# %% HingeLoss: sign-flipped
# sign wrong in the true class only (plus the count)
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
        g = (self.terms > 0).astype(float)
        g[np.arange(len(g)), self.targets] = g.sum(axis=1)
        return g / len(g)


# %% HingeLoss: divided-by-width
# divided by batch * classes instead of batch
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        g = (self.terms > 0).astype(float)
        g[np.arange(len(g)), self.targets] = -g.sum(axis=1)
        return g / g.size


# %% HingeLoss: -
# mask missing: every wrong class gets 1
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        """Return dscores (batch, classes)."""
        N, C = self.terms.shape
        g = np.ones((N, C))
        for n in range(N):
            g[n, self.targets[n]] = -(C - 1)
        return g / N


# %% HingeLoss: -
# only the worst violator of each row counts
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        g = np.zeros_like(self.terms)
        for n in range(len(g)):
            j = int(np.argmax(self.terms[n]))
            if self.terms[n, j] > 0:
                g[n, j] = 1
                g[n, self.targets[n]] = -1
        return g / len(g)


# %% HingeLoss: threshold-moved
# gate opens at a margin term above 1 instead of above 0
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
        g = np.array(self.terms > 1, dtype=float)
        g[np.arange(len(g)), self.targets] = -g.sum(axis=1)
        return g / len(g)


# %% HingeLoss: not-repeatable
# cached terms overwritten in place, second call differs
class HingeLoss:
    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        self.terms[self.terms > 0] = 1
        self.terms[np.arange(len(self.terms)), self.targets] = -self.terms.sum(axis=1)
        return self.terms / len(self.terms)


# %% HingeLoss: wrong-axis
# violations of the whole batch counted in every true class
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
        g = (self.terms > 0).astype(float)
        total = g.sum()
        g[np.arange(len(g)), self.targets] = -total
        return g / len(g)


# %% HingeLoss: value-for-gate and factor-two-extra
# gradient of the squared hinge: 2 * margin
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        g = 2 * self.terms
        g[np.arange(len(g)), self.targets] = -g.sum(axis=1)
        return g / len(g)


# %% HingeLoss: -
# count subtracted from the whole column of the true class, in every row instead of its own
class HingeLoss:
    """L = mean over the batch of the sum of max(0, 1 + s_j - s_c) over all j except c.

    Shapes: scores (batch, classes), targets (batch,) of integers.
    """

    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        """Return dscores (batch, classes)."""
        g = (self.terms > 0).astype(float)
        cnt = g.sum(axis=1)
        for n, c in enumerate(self.targets):
            g[:, c] -= cnt[n]
        return g / len(g)


# %% HingeLoss: wrong-at-true-class
# true class assigned in the loop instead of accumulated: -1 at most
class HingeLoss:
    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self) -> np.ndarray:
        N, C = self.terms.shape
        d = np.zeros((N, C))
        for n in range(N):
            for j in range(C):
                if self.terms[n, j] > 0:
                    d[n, j] += 1
                    d[n, self.targets[n]] = -1
        return d / N


# %% HingeLoss: wrong-at-other-classes
# wrong classes left at zero, only the true class has a gradient
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
        g = np.zeros_like(self.terms)
        g[np.arange(len(g)), self.targets] = -(self.terms > 0).sum(axis=1)
        return g / len(g)


# %% HingeLoss: divided-by-batch
# divided by the batch size twice
class HingeLoss:
    def forward(self, scores, targets):
        rows = np.arange(len(targets))
        self.terms = np.maximum(0.0, 1 + scores - scores[rows, targets][:, np.newaxis])
        self.terms[rows, targets] = 0.0  # the true class does not compete with itself
        self.targets = targets
        return float(np.sum(self.terms) / len(targets))

    def backward(self):
        g = (self.terms > 0) / len(self.terms)
        g[np.arange(len(g)), self.targets] = -g.sum(axis=1)
        return g / len(g)


# %% HingeLoss: statement-missing and not-divided-by-batch
# two mistakes: true class left at zero; not divided by the batch size
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
        return np.heaviside(self.terms, 0.0)
