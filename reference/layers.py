# %% [markdown]
# # Backward passes of layers
#
# A network is a chain of layers that ends in one number, the loss $L$. Every layer knows how to
# go forward, from its input $x$ to its output $y$. To train the network, every layer must also go
# backward: told how $L$ depends on its output, it must say how $L$ depends on its input.
#
# ```
#     x  ───▶  layer  ───▶  y  ───▶  ...  ───▶  L          forward
#    dx  ◀───  layer  ◀───  upstream  ◀───  ...            backward
# ```
#
# In this notebook `forward` is written and you write every `backward`: replace each line
# `raise NotImplementedError` by your own code. Behind all of them is one rule. $L$ depends on $x$
# only by way of $y$, so each entry of $x$ collects from every entry of $y$:
#
# $$\frac{\partial L}{\partial x_i}
#   = \sum_j \frac{\partial L}{\partial y_j}\,\frac{\partial y_j}{\partial x_i}$$
#
# The first factor comes from outside and is called `upstream`. The second factor is the business
# of the layer alone.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `x` | input of the layer, one row per example | `(batch, inputs)` |
# | `y` | output of the layer | `(batch, units)` |
# | `upstream` | $\partial L/\partial y$, handed in | that of `y` |
# | `dx` | $\partial L/\partial x$, returned | that of `x` |
# | `dW`, `db` | $\partial L/\partial W$, $\partial L/\partial b$ | that of `W`, `b` |
#
# - `backward(upstream)` **returns** `dx`. If the layer has parameters, it also **sets** `self.dW`
#   and so on. It overwrites them; it does not add to what was there before.
# - **Sum, not mean.** Nothing is divided by the size of the batch here. If the loss is a mean, its
#   $1/N$ is already inside `upstream`.
# - `upstream` and `x` belong to the caller: compute new arrays, do not write into these.
# - `forward` keeps on `self` what `backward` needs. Several layers of one class may be in use at
#   the same time, and `backward` may be called twice.
# - Where a function has a corner, as ReLU has at 0, we take the slope 0. It is not tested there.
# - Inputs may be as large as ±1000. Each `forward` is safe there, and so must be your `backward`.
# - All arrays hold `float64`.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## A worked example: multiply by a number
#
# The smallest layer with a parameter multiplies every entry by the same number $s$:
#
# $$y_{ni} = s\,x_{ni}$$
#
# **The input.** $x_{ni}$ reaches one output only, $y_{ni}$, and
# $\partial y_{ni}/\partial x_{ni} = s$. Of the sum in the rule one term remains:
#
# $$\frac{\partial L}{\partial x_{ni}} = \mathrm{upstream}_{ni}\; s$$
#
# **The parameter.** $s$ reaches *every* output, and $\partial y_{ni}/\partial s = x_{ni}$. It
# collects from all of them:
#
# $$\frac{\partial L}{\partial s} = \sum_{n,i} \mathrm{upstream}_{ni}\; x_{ni}$$
#
# Line by line this becomes:


# %%
class Scale:
    """y = s x.

    Shapes: x, y, upstream (batch, units); s () is a single number.
    """

    def __init__(self, s: float) -> None:
        self.s = s

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return self.s * x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set ds () and return dx (batch, units), given upstream (batch, units)."""
        self.ds = np.sum(upstream * self.x)
        return upstream * self.s


# %% [markdown]
# With numbers: for
#
# $$x = \begin{pmatrix}1 & 2\\ 3 & 4\end{pmatrix},\quad s = 3,\quad
#   \mathrm{upstream} = \begin{pmatrix}1 & 0\\ 0.5 & -1\end{pmatrix}$$
#
# the parameter collects $1\cdot1 + 0\cdot2 + 0.5\cdot3 - 1\cdot4 = -1.5$. To see that this is
# right, **move $s$ a little** and watch the loss. Any loss with the gradient `upstream` will do;
# the simplest is $L = \sum_{n,i}\mathrm{upstream}_{ni}\,y_{ni}$. You can test every layer below in
# this way.

# %% tags=["active-ipynb"]
# x0 = np.array([[1.0, 2.0], [3.0, 4.0]])
# upstream0 = np.array([[1.0, 0.0], [0.5, -1.0]])
#
#
# def loss_of(s):
#     return np.sum(upstream0 * Scale(s).forward(x0))
#
#
# scale = Scale(3.0)
# scale.forward(x0)
# step = 1e-5
# print("dx by backward:\n", scale.backward(upstream0))
# print("ds by backward:           ", scale.ds)
# print("ds by finite differences: ", (loss_of(3.0 + step) - loss_of(3.0 - step)) / (2 * step))

# %% [markdown]
# ## Affine layer
#
# $$y_{nj} = \sum_i x_{ni}\,W_{ij} + b_j \qquad\text{or, all at once,}\qquad y = xW + b$$
#
# with $x$ `(batch, inputs)`, $W$ `(inputs, units)`, $b$ `(units,)` and $y$ `(batch, units)`: $n$
# counts examples, $i$ inputs, $j$ units. Ask of each symbol which outputs it reaches:
#
# - $x_{ni}$ reaches every unit $j$, in its own row $n$ only: the sum is over $j$.
# - $W_{ij}$ reaches unit $j$ only, in every row $n$: the sum is over $n$.
# - $b_j$ reaches unit $j$ only, in every row $n$: the sum is over $n$.
#
# $$\frac{\partial L}{\partial x_{ni}} = \sum_j \mathrm{upstream}_{nj}\,W_{ij}\qquad
#   \frac{\partial L}{\partial W_{ij}} = \sum_n x_{ni}\,\mathrm{upstream}_{nj}\qquad
#   \frac{\partial L}{\partial b_j} = \sum_n \mathrm{upstream}_{nj}$$
#
# Loops over $n$, $i$, $j$ would do. Shorter and much faster: the first two sums are products of two
# matrices. Write the shapes of the factors next to each other and see which order, and which
# transpose, gives the shape that you need.


# %%
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T


# %% tags=["active-ipynb"]
# check(Affine)

# %% [markdown]
# ## Activations
#
# The next four layers apply one function $f$ to every entry by itself, $y_{ni} = f(x_{ni})$, with
# $x$ and $y$ both `(batch, units)`. As in the worked example, an input reaches one output only, and
#
# $$\frac{\partial L}{\partial x_{ni}} = \mathrm{upstream}_{ni}\; f'(x_{ni})$$
#
# What is left is the slope $f'$. Here are the four functions, and below each its slope, drawn with
# finite differences.

# %% tags=["active-ipynb"]
# def leaky(x):
#     return np.where(x > 0, x, 0.1 * x)  # steeper than the 0.01 of the layer, to be seen
#
#
# functions = {
#     "ReLU": lambda x: np.maximum(x, 0),
#     "LeakyReLU": leaky,
#     "Sigmoid": lambda x: 1 / (1 + np.exp(-x)),
#     "Tanh": np.tanh,
# }
# grid, step = np.linspace(-4, 4, 400), 1e-5
# figure, axes = plt.subplots(2, 4, figsize=(10, 3.6), sharex=True, layout="constrained")
# for (name, f), (top, bottom) in zip(functions.items(), axes.T, strict=True):
#     top.plot(grid, f(grid), color="C0")
#     top.set_title(name, fontsize=10)
#     bottom.plot(grid, (f(grid + step) - f(grid - step)) / (2 * step), color="C1")
#     bottom.set(ylim=(-0.1, 1.1), xlabel="$x$")
#     for ax in (top, bottom):
#         ax.grid(alpha=0.3)
# axes[0, 0].set_ylabel("$f(x)$")
# axes[1, 0].set_ylabel("slope $f'(x)$")
# plt.show()

# %% [markdown]
# ## ReLU
#
# $$y = \max(0, x) \qquad
#   \frac{\partial y}{\partial x} = \begin{cases}1 & x > 0\\ 0 & x \le 0\end{cases}$$
#
# A gate: open where the input was positive, shut elsewhere.


# %%
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * (self.x > 0)


# %% tags=["active-ipynb"]
# check(ReLU)

# %% [markdown]
# ## The Jacobian of ReLU
#
# Why does no layer ever build the table of all its derivatives? Build it once and see. For a vector
# $x$ with $n$ entries and $y = \max(0, x)$, the **Jacobian** is the $n \times n$ matrix
#
# $$J_{ij} = \frac{\partial y_i}{\partial x_j}$$
#
# Row $i$ belongs to output $i$, column $j$ to input $j$. Since $y_i$ depends on $x_i$ alone, all
# entries off the diagonal are zero. With a thousand units that would be a million numbers, of which
# a thousand say something; `upstream * slope` does the same work with these thousand.


# %%
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.diag(np.where(x > 0, 1.0, 0.0))


# %% tags=["active-ipynb"]
# check(relu_jacobian)

# %% [markdown]
# ## Leaky ReLU
#
# Where ReLU is shut, no gradient passes and nothing is learned. The leaky one stays open by a small
# constant slope $a$ (`slope` in the code, 0.01 unless told otherwise):
#
# $$y = \begin{cases}x & x > 0\\ a\,x & x \le 0\end{cases}$$
#
# Its derivative takes two values; read them off. At the corner $x = 0$ take the left one.


# %%
class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * np.where(self.x > 0, 1.0, self.slope)


# %% tags=["active-ipynb"]
# check(LeakyReLU)

# %% [markdown]
# ## Sigmoid
#
# $$y = \sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# The quotient rule gives a derivative that needs no new exponential, only the output:
#
# $$\frac{\partial y}{\partial x} = \frac{e^{-x}}{(1 + e^{-x})^2}
#   = \frac{1}{1 + e^{-x}}\left(1 - \frac{1}{1 + e^{-x}}\right) = y\,(1 - y)$$
#
# The middle form overflows at $x = -1000$, the last one never does. `forward` computes
# $\sigma(x) = \exp(-\log(e^0 + e^{-x}))$ with `np.logaddexp`, which does not overflow either.


# %%
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * self.y * (1 - self.y)


# %% tags=["active-ipynb"]
# check(Sigmoid)

# %% [markdown]
# ## Tanh
#
# $$y = \tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}} \qquad
#   \frac{\partial y}{\partial x} = 1 - y^2$$
#
# Again the output is all that `backward` needs.


# %%
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * (1 - self.y**2)


# %% tags=["active-ipynb"]
# check(Tanh)

# %% [markdown]
# ## Softmax
#
# Softmax turns each row of scores into probabilities: positive numbers that sum to one.
#
# $$y_{nj} = \frac{e^{x_{nj}}}{\sum_k e^{x_{nk}}}$$
#
# Here an input reaches **every output of its row**, because all of them share the denominator.
# Raising one score raises its own probability and lowers all others of that row. Write
# $\delta_{ij}$ for 1 where $i = j$ and 0 elsewhere; then, in one row,
#
# $$\frac{\partial y_j}{\partial x_i} = y_j\,(\delta_{ij} - y_i)$$
#
# **On paper first.** Put this into the rule at the top,
#
# $$\frac{\partial L}{\partial x_i} = \sum_j \mathrm{upstream}_j\; y_j\,(\delta_{ij} - y_i)$$
#
# and multiply out. Of the part with $\delta_{ij}$ one term survives; in the other part $y_i$ does
# not depend on $j$ and leaves the sum. What remains has *one number per row* to be summed and no
# matrix.
#
# A test that needs no computer: adding the same number to all scores of a row changes nothing, so
# each row of `dx` sums to zero.

# %% tags=["active-ipynb"]
# p = np.exp([1.5, 1.0, 0.5, 0.0])
# p = p / p.sum()
# table = np.array([[p[j] * ((i == j) - p[i]) for i in range(4)] for j in range(4)])
# figure, ax = plt.subplots(figsize=(3.4, 2.8), layout="constrained")
# image = ax.imshow(table, cmap="RdBu", vmin=-0.4, vmax=0.4)
# for (j, i), value in np.ndenumerate(table):
#     ax.text(i, j, f"{value:.2f}", ha="center", va="center", fontsize=9)
# ax.set(xticks=range(4), yticks=range(4), xlabel="input $i$", ylabel="output $j$")
# ax.set_title(r"$\partial y_j / \partial x_i$ for scores 1.5, 1, 0.5, 0", fontsize=10)
# plt.show()


# %%
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        # dx_i = y_i (upstream_i - sum over j of upstream_j y_j), in each row
        row = (upstream * self.y).sum(axis=-1, keepdims=True)
        return self.y * (upstream - row)


# %% tags=["active-ipynb"]
# check(Softmax)

# %% [markdown]
# ## Sequential
#
# A chain of layers is a layer itself. With three of them
#
# $$y = f_3(f_2(f_1(x)))$$
#
# Forward, the output of each layer is the input of the next. Backward, what one layer returns is
# the `upstream` of the layer *before* it:
#
# ```
#     x  ───▶  f1  ───▶  f2  ───▶  f3  ───▶  y
#    dx  ◀───  f1  ◀───  f2  ◀───  f3  ◀───  upstream
# ```
#
# Each layer sets the gradients of its own parameters on the way; the chain need not know of them.
# This exercise is tested with layers of our own, so it does not depend on your answers above.


# %%
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return upstream


# %% tags=["active-ipynb"]
# check(Sequential)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.derivative import Estimate, jacobian
from grader.exercise import OTHER_SIZES, STANDARD, Exercise, Spread, Uniform, Variation

EXTREME = Variation("values up to 1000", {"batch": 40}, {"x": Spread("batch units", 1.0, 1000.0)})


def _relu_witness(x: np.ndarray) -> Estimate:
    return jacobian(ReLU().forward, x)


WITNESSES = {"relu_jacobian": _relu_witness}

EXERCISES = (
    Exercise(
        name="Affine",
        kind="layer",
        points={"dx": 2, "dW": 2, "db": 2},
        params={"W": Uniform("inputs units"), "b": Uniform("units")},
        inputs={"x": Uniform("batch inputs")},
        output=Uniform("batch units"),
        variations=(
            *STANDARD,
            Variation("large values", draws={"x": Uniform("batch inputs", -200.0, 200.0)}),
        ),
    ),
    Exercise(
        name="ReLU",
        kind="layer",
        points={"dx": 6},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(*STANDARD, EXTREME),
    ),
    Exercise(
        name="relu_jacobian",
        kind="function",
        points={"jacobian": 6},
        inputs={"x": Uniform("n")},
        variations=(
            Variation("random values", {"n": 5}),
            Variation("another size", {"n": 8}),
            Variation("one entry", {"n": 1}, {"x": Uniform("n", 0.5, 2.0)}),
            Variation("all negative", {"n": 4}, {"x": Uniform("n", -2.0, -0.5)}),
            Variation("values up to 1000", {"n": 6}, {"x": Spread("n", 1.0, 1000.0)}),
        ),
    ),
    Exercise(
        name="LeakyReLU",
        kind="layer",
        points={"dx": 6},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(
            *STANDARD,
            Variation("slope 0.3", options={"slope": 0.3}),
            Variation("slope 0.05", OTHER_SIZES, options={"slope": 0.05}),
            EXTREME,
        ),
    ),
    Exercise(
        name="Sigmoid",
        kind="layer",
        points={"dx": 8},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(*STANDARD, EXTREME),
    ),
    Exercise(
        name="Tanh",
        kind="layer",
        points={"dx": 8},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(*STANDARD, EXTREME),
    ),
    Exercise(
        name="Softmax",
        kind="layer",
        points={"dx": 12},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(
            *STANDARD,
            Variation("shifted by 1000", draws={"x": Uniform("batch units", 998.0, 1002.0)}),
            EXTREME,
        ),
    ),
    Exercise(
        name="Sequential",
        kind="chain",
        points={"dx": 8},
        params={name: Uniform("units", 0.5, 2.0) for name in ("first", "second", "third")},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(
            *STANDARD,
            Variation("one layer", options={"links": 1}),
            Variation("five layers", OTHER_SIZES, options={"links": 5}),
        ),
    ),
)
