# %% [markdown]
# # Normalization and dropout
#
# Deep networks train best while the numbers inside them are neither huge nor tiny. Normalization
# sees to that in the middle of the network: it shifts and stretches its input to mean 0 and
# variance 1, wherever the layers before it have moved it. Dropout, the fourth layer of this
# notebook, is an odd relative: it switches units off at random, so that no unit can rely on
# another.
#
# Two things are new here, compared with the layers you know:
#
# - **Examples meet.** An affine layer treats every row of `x` by itself. The mean over a batch does
#   not: move one example, and the output of all others moves as well.
# - **Two modes.** A network that is used must give the same answer for the same input. So these
#   layers do one thing while training and another one afterwards, and `backward` must know which.
#
# In this notebook `forward` is written and you write every `backward`: replace each line
# `raise NotImplementedError` by your own code.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `x` | input of the layer, one row per example | `(batch, units)` |
# | `y` | output of the layer | `(batch, units)` |
# | `gamma`, `beta` | parameters: the new scale and the new centre | `(units,)` |
# | `upstream` | $\partial L/\partial y$, handed in | that of `y` |
# | `dx` | $\partial L/\partial x$, returned | that of `x` |
# | `dgamma`, `dbeta` | the same for the parameters, set on `self` | `(units,)` |
#
# - $n$ counts examples, of which there are $N$; $i$ counts units, of which there are $D$.
# - $\varepsilon$ (`eps`) is added to the variance **under the root**: $\sqrt{v + \varepsilon}$. It
#   keeps the quotient finite, and where the variance is as small as $\varepsilon$ it matters.
# - Variances are divided by $N$ (or by $D$), not by $N - 1$, but for one place that says so.
# - `forward(x, training=True)`: the mode is an argument. `backward` belongs to the last `forward`.
# - Nothing is divided by the size of the batch on account of the loss: if the loss is a mean, its
#   $1/N$ is already inside `upstream`.
# - `upstream` and `x` belong to the caller: compute new arrays. `backward` may be called twice, and
#   several layers of one class may be in use at the same time.
# - All arrays hold `float64`.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## A worked example: centring
#
# Subtract from every column its mean over the batch:
#
# $$y_{ni} = x_{ni} - \mu_i \qquad \mu_i = \frac1N \sum_m x_{mi}$$
#
# Which outputs does $x_{ni}$ reach? There are **two ways**. Straight on to $y_{ni}$, with slope 1.
# And by way of the mean $\mu_i$, which reaches $y_{mi}$ for *every* example $m$, with slope $-1$.
# The mean itself depends on $x_{ni}$ by $\partial\mu_i/\partial x_{ni} = 1/N$. Both ways add up:
#
# $$\frac{\partial L}{\partial x_{ni}} = \mathrm{upstream}_{ni}
#   - \frac1N \sum_m \mathrm{upstream}_{mi}$$
#
# The gradient of centring is centring the gradient.


# %%
class Center:
    """y = x - mean of x over the batch.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        return x - x.mean(axis=0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream - upstream.mean(axis=0)


# %% [markdown]
# A check that needs no computer: adding the same number to one unit of all examples changes nothing
# in the output, so each **column of `dx` sums to zero**. And a check that needs one: move one entry
# of $x$ a little and watch a loss that has the gradient `upstream`.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(1)
# x0, upstream0 = rng.normal(size=(4, 2)), rng.normal(size=(4, 2))
# step = 1e-5
#
# slopes = np.empty_like(x0)
# for at in np.ndindex(x0.shape):
#     up, down = x0.copy(), x0.copy()
#     up[at] += step
#     down[at] -= step
#     rise = np.sum(upstream0 * (Center().forward(up) - Center().forward(down)))
#     slopes[at] = rise / (2 * step)
# print("by backward:\n", Center().backward(upstream0))
# print("by finite differences:\n", slopes)
# print("sums of the columns:", Center().backward(upstream0).sum(axis=0))

# %% [markdown]
# ## Who is averaged with whom
#
# Three normalizations, and what shares a mean and a variance in each. Same colour: same statistics.

# %% tags=["active-ipynb"]
# columns = np.tile(np.arange(6), (4, 1))
# rows = np.tile(np.arange(4)[:, np.newaxis], (1, 6))
# figure, axes = plt.subplots(1, 3, figsize=(9, 2.2), layout="constrained")
# for ax, groups, title in zip(
#     axes,
#     (columns, rows, rows),
#     ("BatchNorm: over the batch", "LayerNorm: over the units", "RMSNorm: so too, without a mean"),
#     strict=True,
# ):
#     ax.imshow(groups, cmap="Pastel1", vmin=0, vmax=8)
#     ax.set(xticks=range(6), yticks=range(4), xlabel="unit $i$", ylabel="example $n$")
#     ax.set_title(title, fontsize=10)
# plt.show()

# %% [markdown]
# ## Batch normalization
#
# While training, each unit is normalized over the batch:
#
# $$\mu_i = \frac1N\sum_n x_{ni} \qquad v_i = \frac1N\sum_n (x_{ni} - \mu_i)^2 \qquad
#   s_i = \sqrt{v_i + \varepsilon}$$
#
# $$\hat x_{ni} = \frac{x_{ni} - \mu_i}{s_i} \qquad y_{ni} = \gamma_i\,\hat x_{ni} + \beta_i$$
#
# Meanwhile the layer remembers what it has seen. With the momentum $\alpha$ (`momentum`, 0.1)
#
# $$\mu^{run} \leftarrow (1 - \alpha)\,\mu^{run} + \alpha\,\mu \qquad
#   v^{run} \leftarrow (1 - \alpha)\,v^{run} + \alpha\,\frac{N}{N - 1}\,v$$
#
# starting from 0 and 1. ($N/(N-1)$ makes the variance unbiased. It is used here only.)
# Afterwards, with `training=False`, these take the place of $\mu$ and $v$.
#
# **The parameters** are those of an affine layer that treats each unit by itself. Which outputs
# does $\gamma_i$ reach, which $\beta_i$?
#
# $$\frac{\partial L}{\partial\gamma_i} = \sum_n \mathrm{upstream}_{ni}\,\hat x_{ni} \qquad
#   \frac{\partial L}{\partial\beta_i} = \sum_n \mathrm{upstream}_{ni}$$
#
# **The input, with `training=False`.** $\mu$ and $v$ are constants. One way is left, from $x_{ni}$
# to $y_{ni}$, and you know its slope.
#
# **The input, while training.** There are three ways now: straight on, through the mean and through
# the variance. Do it in two steps. The first is what arrives at $\hat x$:
#
# $$g_{ni} = \frac{\partial L}{\partial\hat x_{ni}} = \gamma_i\,\mathrm{upstream}_{ni}$$
#
# **On paper.** Show first, from $\partial v_i/\partial x_{ni} = \tfrac2N (x_{ni} - \mu_i)$, that
# $\partial s_i/\partial x_{ni} = \hat x_{ni}/N$. Then, within one unit,
#
# $$\frac{\partial \hat x_m}{\partial x_n} = \frac1s\left(\delta_{mn} - \frac1N
#   - \frac{\hat x_m\,\hat x_n}{N}\right)$$
#
# Put this into the sum over all outputs and multiply out. The three terms are the three ways:
#
# $$\frac{\partial L}{\partial x_{ni}} = \frac{1}{s_i}\Bigl(g_{ni}
#   - \frac1N\sum_m g_{mi} - \hat x_{ni}\,\frac1N\sum_m g_{mi}\,\hat x_{mi}\Bigr)$$
#
# Two sums to test it with: each column of `dx` sums to zero (shift a unit: nothing happens), and,
# if $\varepsilon$ is negligible, so does each column of `dx * x` (stretch a unit: nothing happens).


# %%
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        self.dbeta = np.sum(upstream, axis=0)
        g = self.gamma * upstream
        if not self.training:
            return g / self.std
        through_mean = np.mean(g, axis=0)
        through_std = self.xhat * np.mean(g * self.xhat, axis=0)
        return (g - through_mean - through_std) / self.std


# %% tags=["active-ipynb"]
# check(BatchNorm)

# %% [markdown]
# What it is good for: thirty layers of 100 tanh units, with random weights of different sizes, and
# how widely their outputs spread. Without normalization there is one narrow road between dying out
# and saturation; with it every size will do.

# %% tags=["active-ipynb"]
# def spreads(scale, normalize, rng=np.random.default_rng(0)):
#     x, found = rng.normal(size=(100, 100)), []
#     for _ in range(30):
#         a = x @ (rng.normal(size=(100, 100)) * scale / 10)
#         if normalize:
#             a = BatchNorm(np.ones(100), np.zeros(100)).forward(a)
#         x = np.tanh(a)
#         found.append(x.std())
#     return found
#
#
# figure, axes = plt.subplots(1, 2, figsize=(8, 2.8), sharey=True, layout="constrained")
# for ax, normalize in zip(axes, (False, True), strict=True):
#     for scale in (0.5, 1.0, 2.0, 4.0):
#         ax.plot(range(1, 31), spreads(scale, normalize), label=f"weights times {scale:g}")
#     ax.set(xlabel="layer", ylim=(-0.05, 1.05))
#     ax.set_title("with BatchNorm" if normalize else "without", fontsize=10)
#     ax.grid(alpha=0.3)
# axes[0].set_ylabel("spread of the outputs")
# axes[1].legend()
# plt.show()

# %% [markdown]
# ## Layer normalization
#
# The same formula turned by a quarter: each **example** is normalized over its own units.
#
# $$\mu_n = \frac1D\sum_i x_{ni} \qquad v_n = \frac1D\sum_i (x_{ni} - \mu_n)^2 \qquad
#   s_n = \sqrt{v_n + \varepsilon}$$
#
# $$\hat x_{ni} = \frac{x_{ni} - \mu_n}{s_n} \qquad y_{ni} = \gamma_i\,\hat x_{ni} + \beta_i$$
#
# No example knows of another, so there are neither modes nor running statistics, and a batch of one
# is as good as any.
#
# $\gamma_i$ and $\beta_i$ still belong to the units, and collect from every example as before. For
# the input go through the derivation above once more with the roles of $n$ and $i$ exchanged, and
# mind **where $\gamma$ goes**: it differs from unit to unit, along the very axis that is now
# averaged over.
#
# $$g_{ni} = \gamma_i\,\mathrm{upstream}_{ni} \qquad
#   \frac{\partial L}{\partial x_{ni}} = \frac{1}{s_n}\Bigl(g_{ni}
#   - \frac1D\sum_j g_{nj} - \hat x_{ni}\,\frac1D\sum_j g_{nj}\,\hat x_{nj}\Bigr)$$


# %%
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        self.dbeta = np.sum(upstream, axis=0)
        g = self.gamma * upstream
        through_mean = np.mean(g, axis=-1, keepdims=True)
        through_std = self.xhat * np.mean(g * self.xhat, axis=-1, keepdims=True)
        return (g - through_mean - through_std) / self.std


# %% tags=["active-ipynb"]
# check(LayerNorm)

# %% [markdown]
# ## Root mean square normalization
#
# Large language models leave out the centring, and with it $\beta$: what matters is the size.
#
# $$r_n = \sqrt{\frac1D\sum_i x_{ni}^2 + \varepsilon} \qquad
#   \hat x_{ni} = \frac{x_{ni}}{r_n} \qquad y_{ni} = \gamma_i\,\hat x_{ni}$$
#
# **On paper first.** Two ways are left, straight on and through $r_n$. What is
# $\partial r_n/\partial x_{ni}$? The result looks like the one above with a term less.
#
# $$g_{ni} = \gamma_i\,\mathrm{upstream}_{ni} \qquad
#   \frac{\partial L}{\partial x_{ni}} = \frac{1}{r_n}\Bigl(g_{ni}
#   - \hat x_{ni}\,\frac1D\sum_j g_{nj}\,\hat x_{nj}\Bigr)$$


# %%
class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        g = self.gamma * upstream
        through_rms = self.xhat * np.mean(g * self.xhat, axis=-1, keepdims=True)
        return (g - through_rms) / self.rms


# %% tags=["active-ipynb"]
# check(RMSNorm)

# %% [markdown]
# ## Dropout
#
# While training, every entry tosses its own coin: with probability $p$ it is dropped, that is, set
# to 0. Those that are kept are enlarged, so that the expected value stays what it was:
#
# $$y_{ni} = \begin{cases}0 & \text{with probability } p\\
#   \dfrac{x_{ni}}{1 - p} & \text{otherwise}\end{cases}$$
#
# This is *inverted* dropout: the enlarging is done here, and with `training=False` nothing is left
# to do, $y = x$. Once the coins have fallen the layer is linear, so only **the coins of the last
# `forward`** count for `backward`: tossing new ones would send gradients to units that were off.
# Which slope does a dropped entry have, which a kept one, and which without training?


# %%
class Dropout:
    """y = x where it is kept, enlarged by 1 / (1 - p); 0 where it is dropped, with probability p.

    With training=False, y = x.

    Shapes: x, y, upstream (batch, units). rng is a NumPy random generator.
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        self.p, self.rng = p, rng

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        self.training = training
        if not training:
            return x.copy()
        self.kept = self.rng.random(x.shape) >= self.p  # true with probability 1 - p
        return x * self.kept / (1 - self.p)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units), for the last forward's mode."""
        if not self.training:
            return upstream.copy()
        return upstream * self.kept / (1 - self.p)


# %% tags=["active-ipynb"]
# check(Dropout)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import (
    BETWEEN,
    OTHER_SIZES,
    STANDARD,
    TWICE,
    Exercise,
    Spread,
    Uniform,
    Variation,
)

EVALUATION = {"forward": {"training": False}}
SCALE = {"gamma": Spread("units", 0.3, 3.0)}  # of both signs, away from 1
SCALE_AND_SHIFT = {**SCALE, "beta": Uniform("units")}
X, UPSTREAM = {"x": Uniform("batch units")}, Uniform("batch units")
SMALL = {"x": Uniform("batch units", -0.02, 0.02)}  # variances of about 1e-4
TINY = {"x": Uniform("batch units", -0.005, 0.005)}  # variances of about eps

SPREADS = (
    Variation("variances of 1e-4", {"batch": 6}, SMALL),
    Variation("variances as small as eps", {"batch": 4}, TINY),
    Variation("eps 0.1", options={"eps": 0.1}),
    Variation("far from zero", draws={"x": Uniform("batch units", 9.0, 12.0)}),
)

EXERCISES = (
    Exercise(
        name="BatchNorm",
        kind="layer",
        points={"dx": 12, "dgamma": 4, "dbeta": 4},
        params=SCALE_AND_SHIFT,
        inputs=X,
        output=UPSTREAM,
        variations=(
            Variation("random values"),
            Variation("three examples", OTHER_SIZES),
            Variation("two examples, variances as small as eps", {"batch": 2, "units": 4}, TINY),
            TWICE,
            BETWEEN,
            Variation("instance used before", OTHER_SIZES, calls="reused"),
            *SPREADS,
            Variation("evaluation before any training", options=EVALUATION),
            Variation("evaluation after one step", options=EVALUATION, calls="reused"),
            Variation(
                "evaluation after one step, momentum 0.6, eps 0.1",
                {"batch": 3, "units": 4},
                SMALL,
                {**EVALUATION, "momentum": 0.6, "eps": 0.1},
                calls="reused",
            ),
            Variation("evaluation of one example", {"batch": 1}, options=EVALUATION),
        ),
    ),
    Exercise(
        name="LayerNorm",
        kind="layer",
        points={"dx": 10, "dgamma": 2, "dbeta": 2},
        params=SCALE_AND_SHIFT,
        inputs=X,
        output=UPSTREAM,
        variations=(*STANDARD, *SPREADS),
    ),
    Exercise(
        name="RMSNorm",
        kind="layer",
        points={"dx": 8, "dgamma": 2},
        params=SCALE,
        inputs=X,
        output=UPSTREAM,
        variations=(*STANDARD, *SPREADS),
    ),
    Exercise(
        name="Dropout",
        kind="layer",
        points={"dx": 6},
        options={"p": 0.3, "rng": 1},
        inputs=X,
        output=UPSTREAM,
        variations=(
            *STANDARD,
            Variation("most are dropped", {"batch": 8}, options={"p": 0.8, "rng": 2}),
            Variation("nothing is dropped", options={"p": 0.0, "rng": 3}),
            Variation("evaluation", options=EVALUATION),
            Variation("evaluation after training", options=EVALUATION, calls="reused"),
        ),
    ),
)
