# %% [markdown]
# # Backward passes of losses
#
# A loss is where the backward pass begins. It compares what the network said with what it should
# have said, and answers with one number $L$, small when the two agree.
#
# ```
#     scores  ───▶  loss  ───▶  L          forward
#    dscores  ◀───  loss                   backward
# ```
#
# Nothing comes after $L$, so there is no `upstream`: it would be $\partial L/\partial L = 1$. And
# nobody moves the targets, so one gradient is wanted, that with respect to the scores. In this
# notebook `forward` is written and you write every `backward`: replace each line
# `raise NotImplementedError` by your own code.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `scores` | what the network said, example by example | stated in each exercise |
# | `targets` | what it should have said | stated in each exercise |
# | $L$ | the loss | a single number |
# | `dscores` | $\partial L/\partial\,\mathrm{scores}$ | that of `scores` |
#
# - `backward()` takes nothing and **returns** `dscores`.
# - **Sum or mean** is part of each loss and stated there: the $1/N$ lives in the loss, and what
#   stands in front of the sum in $L$ stands in front of the gradient too. $N$ is the number of
#   examples, `batch`.
# - `scores` and `targets` belong to the caller, and what `forward` kept may be needed again:
#   compute new arrays.
# - Several losses of one class may be in use at the same time, and `backward` may be called twice.
# - Where a function has a corner, take any slope between the left and the right one; it is not
#   tested there.
# - Scores may be as large as ±1000. Each `forward` is safe there, and so must be your `backward`.
# - All scores are `float64`.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## A worked example: log cosh
#
# For scores $s$ and targets $t$ of the same shape `(batch, units)`, a loss that is nearly quadratic
# close to the target and nearly straight far from it:
#
# $$L = \sum_{n,i} \log\cosh(s_{ni} - t_{ni})$$
#
# $s_{ni}$ occurs in one term only. Its derivative is, by the chain rule,
# $\cosh'(d)/\cosh(d) = \sinh(d)/\cosh(d) = \tanh(d)$ at $d = s_{ni} - t_{ni}$, times the derivative
# of $d$ with respect to $s_{ni}$, which is 1. The loss is a plain sum, so no factor stands in
# front:
#
# $$\frac{\partial L}{\partial s_{ni}} = \tanh(s_{ni} - t_{ni})$$


# %%
class LogCosh:
    """L = sum of log(cosh(scores - targets)) over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(np.logaddexp(self.error, -self.error) - np.log(2.0)))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return np.tanh(self.error)


# %% [markdown]
# (`forward` uses $\log\cosh d = \log(e^d + e^{-d}) - \log 2$, because $\cosh(1000)$ is too large
# for a computer and its logarithm is not.)
#
# With numbers: $s = (1, 0)$ and $t = (0, 2)$ give $d = (1, -2)$ and `dscores`
# $= (0.7616, -0.9640)$. The first score is too high and raising it makes things worse; the second
# is too low and raising it helps. To test a gradient, **move one score a little** and watch the
# loss:

# %% tags=["active-ipynb"]
# scores0, targets0 = np.array([[1.0, 0.0]]), np.array([[0.0, 2.0]])
# example = LogCosh()
# example.forward(scores0, targets0)
# print("by backward:           ", example.backward())
#
# step, slopes = 1e-5, np.empty_like(scores0)
# for at in np.ndindex(scores0.shape):
#     up, down = scores0.copy(), scores0.copy()
#     up[at] += step
#     down[at] -= step
#     rise = LogCosh().forward(up, targets0) - LogCosh().forward(down, targets0)
#     slopes[at] = rise / (2 * step)
# print("by finite differences: ", slopes)

# %% [markdown]
# ## Sum of squared errors
#
# For scores $s$ and targets $t$ of the same shape `(batch, units)`:
#
# $$L = \sum_{n,i} (s_{ni} - t_{ni})^2$$
#
# A plain **sum over all entries**: no $1/N$, and no $\tfrac12$ in front either.


# %%
class SumSquaredError:
    """L = sum of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.sum(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return 2 * self.error


# %% tags=["active-ipynb"]
# check(SumSquaredError)

# %% [markdown]
# ## Mean squared error
#
# The same, but a **mean over all entries**: with $N$ examples and $M$ units
#
# $$L = \frac{1}{N M} \sum_{n,i} (s_{ni} - t_{ni})^2$$
#
# Count what is averaged here: every entry, not every example.


# %%
class MSELoss:
    """L = mean of (scores - targets)**2 over all entries.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        return float(np.mean(self.error**2))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return 2 * self.error / self.error.size


# %% tags=["active-ipynb"]
# check(MSELoss)

# %% [markdown]
# ## Logistic cross entropy
#
# Two classes, 0 and 1, and one score $z$ per example, the *logit*: `scores` and `targets` have the
# shape `(batch,)`, and every target $t$ is 0 or 1. The probability of class 1 is
#
# $$p = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# and the loss of one example is minus the logarithm of the probability of its true class:
#
# $$\ell = -t\log p - (1 - t)\log(1 - p) = \log(1 + e^{z}) - t\,z$$
#
# (To get to the right-hand side, insert $p$ and $1 - p = 1/(1 + e^{z})$.) The loss is the **mean
# over the batch**:
#
# $$L = \frac1N \sum_n \bigl(\log(1 + e^{z_n}) - t_n z_n\bigr)$$
#
# **On paper first.** Differentiate this last form: it is shorter, and it never divides by a
# probability that may have become 0. The derivative of its first term is a function you have met;
# the `sigmoid` below computes it without overflow.


# %%
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


# %%
class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        return (sigmoid(self.z) - self.t) / len(self.z)


# %% tags=["active-ipynb"]
# check(LogisticCrossEntropy)

# %% [markdown]
# Why not squared errors of the probabilities? Look at an example of class 1 that the network gets
# badly wrong, on the left side of the picture. The cross entropy is steep there: the worse the
# score, the more it is moved. The squared error $(p - 1)^2$ is flat: nothing would be learned.

# %% tags=["active-ipynb"]
# grid = np.linspace(-8, 8, 400)
# figure, ax = plt.subplots(figsize=(4.8, 2.8), layout="constrained")
# ax.plot(grid, np.logaddexp(0, grid) - grid, label="cross entropy")
# ax.plot(grid, (sigmoid(grid) - 1) ** 2, label="squared error of $p$")
# ax.set(xlabel="logit $z$ of an example of class 1", ylabel="loss $\\ell$")
# ax.grid(alpha=0.3)
# ax.legend()
# plt.show()

# %% [markdown]
# ## Softmax cross entropy
#
# The same for $C$ classes: `scores` $s$ is `(batch, classes)`, `targets` is `(batch,)` and holds
# the number of the true class, an integer from 0 to $C - 1$. With the probabilities of one row
#
# $$p_j = \frac{e^{s_j}}{\sum_k e^{s_k}}$$
#
# the loss of an example of class $c$ is
#
# $$\ell = -\log p_c = \log\Bigl(\sum_k e^{s_k}\Bigr) - s_c$$
#
# and $L$ is the **mean over the batch**: $L = \frac1N \sum_n \ell_n$.
#
# **On paper first.** Differentiate the right-hand form with respect to $s_j$. The first term is
# there for every $j$; what is its derivative? The second is there only where $j = c$. So each row
# of `dscores` has one entry that is treated differently, and each row sums to zero. Do not forget
# the mean.
#
# To pick one entry in each row, NumPy takes two lists of indices:
# `a[np.arange(N), targets]` is `a[0, targets[0]]`, `a[1, targets[1]]` and so on.


# %%
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
        # dl/ds_j = p_j, less 1 where j is the true class
        n = len(self.targets)
        dscores = self.p.copy()
        dscores[np.arange(n), self.targets] -= 1
        return dscores / n


# %% tags=["active-ipynb"]
# check(SoftmaxCrossEntropy)

# %% [markdown]
# ## Hinge loss
#
# Again $C$ classes, `scores` $s$ `(batch, classes)` and `targets` `(batch,)`, but no probabilities.
# The score of the true class $c$ should be larger than each of the others by a margin of at least
# one. Every other class $j$ that comes closer pays for it:
#
# $$\ell = \sum_{j \ne c} \max(0,\; 1 + s_j - s_c)$$
#
# and $L$ is the **mean over the batch**: $L = \frac1N \sum_n \ell_n$.
#
# Each term is a ramp: zero while the margin is kept, rising with slope 1 once it is violated. Ask
# again which terms a score occurs in:
#
# - the score of a wrong class $j$ occurs in one term, its own;
# - the score of the true class $c$ occurs in all of them, with a minus sign.
#
# An example with numbers: the scores are $(2,\ 1.5,\ -1,\ 1.2)$ and class 0 is the true one. The
# terms are $0.5$ for class 1, $0$ for class 2 and $0.2$ for class 3, so $\ell = 0.7$. Which of the
# four scores would change $\ell$ if it moved a little, and how fast?

# %% tags=["active-ipynb"]
# grid = np.linspace(-1, 4, 400)
# figure, ax = plt.subplots(figsize=(4.8, 2.8), layout="constrained")
# terms = {other: np.maximum(0, 1 + other - grid) for other in (1.5, -1.0, 1.2)}
# for other, term in terms.items():
#     ax.plot(grid, term, "--", lw=1, label=f"term of the score {other}")
# ax.plot(grid, sum(terms.values()), color="C3", label="their sum")
# ax.set(xlabel="score $s_c$ of the true class", ylabel="loss $\\ell$")
# ax.grid(alpha=0.3)
# ax.legend()
# plt.show()


# %%
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
        # 1 for every violated margin; the true class gets minus their number
        n = len(self.targets)
        dscores = (self.terms > 0).astype(float)
        dscores[np.arange(n), self.targets] = -dscores.sum(axis=1)
        return dscores / n


# %% tags=["active-ipynb"]
# check(HingeLoss)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import STANDARD, Exercise, Integers, Spread, Uniform, Variation

REAL = {"scores": Uniform("batch units"), "targets": Uniform("batch units")}
CLASSES = {"scores": Uniform("batch classes"), "targets": Integers("batch", "classes")}
LARGE_REAL = Variation("large errors", draws={"scores": Uniform("batch units", -300.0, 300.0)})
SHIFTED = Variation("shifted by 1000", draws={"scores": Uniform("batch classes", 998.0, 1002.0)})
EXTREME = Variation("scores up to 1000", draws={"scores": Spread("batch classes", 1.0, 1000.0)})

EXERCISES = (
    Exercise(
        name="SumSquaredError",
        kind="loss",
        points={"dscores": 6},
        inputs=REAL,
        variations=(*STANDARD, LARGE_REAL),
    ),
    Exercise(
        name="MSELoss",
        kind="loss",
        points={"dscores": 6},
        inputs=REAL,
        variations=(*STANDARD, LARGE_REAL),
    ),
    Exercise(
        name="LogisticCrossEntropy",
        kind="loss",
        points={"dscores": 8},
        inputs={"scores": Uniform("batch"), "targets": Integers("batch", 2)},
        variations=(
            *STANDARD,
            Variation("logits up to 20", draws={"scores": Uniform("batch", -20.0, 20.0)}),
            Variation("logits up to 1000", {"batch": 40}, {"scores": Spread("batch", 1.0, 1000.0)}),
        ),
    ),
    Exercise(
        name="SoftmaxCrossEntropy",
        kind="loss",
        points={"dscores": 12},
        inputs=CLASSES,
        variations=(*STANDARD, SHIFTED, EXTREME),
    ),
    Exercise(
        name="HingeLoss",
        kind="loss",
        points={"dscores": 8},
        inputs=CLASSES,
        variations=(*STANDARD, SHIFTED, EXTREME),
    ),
)
