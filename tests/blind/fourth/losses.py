# Answers by somebody who had not seen the grader, written after the third set had been learned from:
# wrong as students err who derive and write a formula themselves, and right in unusual styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% SumSquaredError: factor-two-missing
# The factor 2 of the derivative of the square is missing.
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
        # L = sum (s - t)^2  ->  dL/ds = s - t
        grad = self.error
        return 1.0 * grad


# %% SumSquaredError: one-number-for-many
# The sum over all entries is kept in the derivative, so every entry gets twice the summed error.
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
        total = np.sum(self.error)
        return np.full(self.error.shape, 2 * total)


# %% MSELoss: not-divided-by-width
# It is divided by the number of examples only and not by the number of all entries.
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
        N = len(self.error)
        return 2.0 / N * self.error


# %% MSELoss: wrong-divisor
# Without brackets 2 / n * m multiplies by the number of units instead of dividing by it.
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
        n, m = self.error.shape
        diff = self.error
        return 2 / n * m * diff


# %% LogisticCrossEntropy: not-divided-by-batch
# The 1/N of the mean over the batch is missing.
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
        out = np.empty_like(p)
        for n in range(len(p)):
            out[n] = p[n] - self.t[n]
        return out


# %% LogisticCrossEntropy: before-the-activation
# The derivative with respect to the probability p is returned, the factor dp/dz = p (1 - p) is
# missing.
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
        eps = 1e-12
        p = np.clip(sigmoid(self.z), eps, 1 - eps)
        dp = -self.t / p + (1 - self.t) / (1 - p)
        return dp / len(self.z)


# %% LogisticCrossEntropy: wrong-for-targets-of-zero
# For targets 0 the gradient 1 - p is used where it should be p.
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
        N = self.z.shape[0]
        grad = np.where(self.t == 1, p - 1, 1 - p)
        return grad / N


# %% SoftmaxCrossEntropy: columns-for-pairs
# The index [:, targets] subtracts 1 in the columns of all targets of the batch in every row and
# not one entry per row.
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
        N = self.p.shape[0]
        dscores = self.p.copy()
        dscores[:, self.targets] -= 1
        dscores /= N
        return dscores


# %% SoftmaxCrossEntropy: wrong-at-other-classes
# Only the entry of the true class gets a gradient, the p_j of the wrong classes are left at 0.
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
        N, C = self.p.shape
        d = np.zeros((N, C))
        for n in range(N):
            c = self.targets[n]
            d[n, c] = (self.p[n, c] - 1) / N
        return d


# %% SoftmaxCrossEntropy: -
# In the staged way back through the softmax the inner sum is that of dp and not of dp * p.
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
        N = len(self.targets)
        idx = np.arange(N)
        # L = -1/N sum log p_c
        dp = np.zeros_like(self.p)
        dp[idx, self.targets] = -1.0 / (N * self.p[idx, self.targets])
        # softmax
        s = np.sum(dp, axis=1, keepdims=True)
        dscores = self.p * (dp - s)
        return dscores


# %% HingeLoss: wrong-at-true-class
# The true class gets -1 once per example, not once for each violated margin.
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
        rows = np.arange(N)
        grad = (self.terms > 0).astype(float)
        grad[rows, self.targets] = -1.0 * np.any(self.terms > 0, axis=1)
        return grad / N


# %% HingeLoss: wrong-axis
# The violated margins are counted over the whole batch (no axis given) for the score of each
# true class.
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
        num_train = self.terms.shape[0]
        binary = np.zeros(self.terms.shape)
        binary[self.terms > 0] = 1
        row_sum = np.sum(binary)
        binary[np.arange(num_train), self.targets] = -row_sum
        return binary / num_train


# %% HingeLoss: rounded-down
# The counts are integers and are divided by the batch size with //, which rounds all entries
# down to whole numbers.
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
        viol = (self.terms > 0).astype(int)
        d = viol.copy()
        d[np.arange(len(d)), self.targets] -= viol.sum(axis=1)
        d //= len(d)
        return d


# %% HingeLoss: value-for-gate
# The sizes of the terms are handed out and not their slope 1.
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
        dL = np.zeros_like(self.terms)
        for n in range(N):
            c = self.targets[n]
            for j in range(self.terms.shape[1]):
                if j != c and self.terms[n, j] > 0:
                    dL[n, j] += self.terms[n, j]
                    dL[n, c] -= self.terms[n, j]
        return dL / N


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
        # sum_k p_k (delta_kj - delta_cj), written as a difference of one-hot tables
        C = self.p.shape[1]
        onehot = np.eye(C)[self.targets]
        return np.divide(self.p - onehot, self.p.shape[0])


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
        # sigma(z) = (1 + tanh(z / 2)) / 2
        return (0.5 + 0.5 * np.tanh(0.5 * self.z) - self.t) / self.z.size


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
        N, C = self.terms.shape
        weight = 1.0 / N
        out = np.zeros((N, C))
        for n, c in enumerate(self.targets):
            losers = np.flatnonzero(self.terms[n])
            out[n, losers] = weight
            out[n, c] = -weight * losers.size
        return out


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
        g = self.error / self.error.shape[0]
        g = g / self.error.shape[1]
        return g + g


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
        d = self.error
        # (d * d)' = 1 * d + d * 1
        return np.add(d, d)
