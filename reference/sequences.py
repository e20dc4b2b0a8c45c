# %% [markdown]
# # Sequences: embedding, recurrence, attention
#
# A sentence is a list of words, a melody a list of notes. They differ in length, and what comes
# early matters for what comes late. Three ideas let a network read them:
#
# - an **embedding** gives every word a row of numbers, which are learned;
# - a **recurrent** network reads word by word and keeps a state from one step to the next;
# - **attention** looks at all words at once and decides how much of each it takes.
#
# For the way back one thought runs through all of them: *the same array is used several times*. A
# word occurs twice; the weights of a cell serve at every step; the state of a step is read by its
# output and by the next step. Whatever is used several times **collects the gradients of all its
# uses**.
#
# In this notebook `forward` is written and you write every `backward`: replace each line
# `raise NotImplementedError` by your own code.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `x` | one step of a batch of sequences | `(batch, inputs)` |
# | | or all of their steps | `(batch, time, inputs)` |
# | `h`, `c` | the state before a step | `(batch, units)` |
# | `Wx`, `Wh` | weights of a recurrent layer | `(inputs, units)`, `(units, units)` |
# | `b` | its bias | `(units,)` |
# | `upstream` | gradient of the loss for the output, handed in | that of the output |
# | `dx`, `dh`, ... | gradients for inputs, **returned** in their order | that of `x`, `h`, ... |
# | `dW`, `db`, ... | gradients for the parameters, **set** on `self` | that of `W`, `b`, ... |
#
# - Parameters' gradients are summed over the batch and over time, and nothing is divided. They
#   overwrite those of an earlier call.
# - Arguments belong to the caller: compute new arrays. Mind that `+=` changes an array in place.
# - `backward` may be called twice, and several layers of one class may be in use at the same time.
# - Tokens are integers, all other arrays hold `float64`.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## A worked example: compound interest
#
# The smallest recurrence: a state that is multiplied by the same number $w$ at each of $T$ steps
# and then receives the input of that step,
#
# $$h_t = w\,h_{t-1} + x_t \qquad t = 1, \ldots, T$$
#
# and every $h_t$ is an output, with an `upstream` of its own. How does $L$ depend on $h_t$? In
# **two ways**: as an output, and by way of $h_{t+1}$, whose slope is $w$. Call the sum
# $\delta_t$:
#
# $$\delta_t = \mathrm{upstream}_t + w\,\delta_{t+1}$$
#
# To know $\delta_t$ one must know $\delta_{t+1}$: the way back begins at the **last** step, where
# nothing comes from later. From there on, each step is a small layer of its own: $x_t$ gets
# $\delta_t$, and $w$, used at every step, collects $\delta_t\,h_{t-1}$ from all of them.


# %%
class Interest:
    """h[t] = w h[t-1] + x[t] for all t, from h[-1] = 0.

    Shapes: w () a single number, x, h, upstream (time,).
    """

    def __init__(self, w: float) -> None:
        self.w = w

    def forward(self, x: np.ndarray) -> np.ndarray:
        states = [0.0]
        for one in x:
            states.append(self.w * states[-1] + one)
        self.h = np.array(states)  # h[t] is the state before step t
        return self.h[1:]

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dw () and return dx (time,), given upstream (time,)."""
        dx, self.dw, delta = np.zeros(len(upstream)), 0.0, 0.0
        for t in reversed(range(len(upstream))):
            delta = upstream[t] + self.w * delta
            dx[t] = delta
            self.dw += delta * self.h[t]
        return dx


# %% tags=["active-ipynb"]
# x0, upstream0, step = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0]), 1e-5
# example = Interest(0.9)
# example.forward(x0)
# print("dx:                       ", example.backward(upstream0))
# print("dw:                       ", example.dw)
# rise = upstream0 @ (Interest(0.9 + step).forward(x0) - Interest(0.9 - step).forward(x0))
# print("dw by finite differences: ", rise / (2 * step))

# %% [markdown]
# ## Embedding
#
# A table $W$ with one row per word. The layer looks rows up: for the tokens $a$, integers,
#
# $$y_{nt} = W_{a_{nt}}$$
#
# No gradient goes to the tokens: half a word further there is no word. Which outputs does the row
# $W_v$ reach? Each place $(n, t)$ at which the word $v$ stands, and there may be several or none:
#
# $$\frac{\partial L}{\partial W_v} = \sum_{n,t\,:\;a_{nt} = v} \mathrm{upstream}_{nt}$$
#
# A trap: `dW[tokens] += upstream` looks right, but NumPy reads, adds and writes all rows at once,
# so of a word that stands at several places only one survives. A loop over the places is right,
# and so is `np.add.at(dW, tokens, upstream)`, which adds one after the other.


# %%
class Embedding:
    """y[n, t] = W[tokens[n, t]].

    Shapes: tokens (batch, time) of integers, W (words, units), y and upstream (batch, time, units).
    """

    def __init__(self, W: np.ndarray) -> None:
        self.W = W

    def forward(self, tokens: np.ndarray) -> np.ndarray:
        self.tokens = tokens
        return self.W[tokens]

    def backward(self, upstream: np.ndarray) -> None:
        """Set dW (words, units), given upstream (batch, time, units). Return nothing."""
        self.dW = np.zeros(self.W.shape)
        for n, t in np.ndindex(self.tokens.shape):
            self.dW[self.tokens[n, t]] += upstream[n, t]


# %% tags=["active-ipynb"]
# check(Embedding)

# %% [markdown]
# ## One step of a recurrent network
#
# $$a = x\,W_x + h\,W_h + b \qquad h' = \tanh(a)$$
#
# with $x$ `(batch, inputs)`, the state before the step $h$ `(batch, units)` and the state after it
# $h'$ `(batch, units)`. You know all the parts: two affine layers that add up, and a tanh. First to
# $a$, then on to everything that $a$ depends on:
#
# $$\delta = \frac{\partial L}{\partial a} = \mathrm{upstream}\cdot(1 - h'^2) \qquad
#   \frac{\partial L}{\partial x} = \delta\,W_x^T \qquad
#   \frac{\partial L}{\partial W_x} = x^T\delta$$
#
# and for $h$, $W_h$ and $b$ likewise. Beware: $W_h$ is square, so its shape will not tell you
# when a transpose is missing.


# %%
class RNNCell:
    """One step: tanh(x Wx + h Wh + b).

    Shapes: x (batch, inputs), h (batch, units), Wx (inputs, units), Wh (units, units), b (units,);
    the output and upstream (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        self.x, self.h = x, h
        self.h_next = np.tanh(x @ self.Wx + h @ self.Wh + self.b)
        return self.h_next

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, inputs) and dh (batch, units), given upstream (batch, units).
        """
        delta = upstream * (1 - self.h_next**2)
        self.dWx = self.x.T @ delta
        self.dWh = self.h.T @ delta
        self.db = delta.sum(axis=0)
        return delta @ self.Wx.T, delta @ self.Wh.T


# %% tags=["active-ipynb"]
# check(RNNCell)

# %% [markdown]
# ## All steps: backpropagation through time
#
# The whole network starts from $h_0$ and applies that step, with **the same** $W_x$, $W_h$ and $b$,
# to $x_1, x_2, \ldots, x_T$. Every state $h_1, \ldots, h_T$ is an output. As in the worked example:
#
# - $h_t$ has two readers, the output and the next step, and collects from both;
# - so the loop runs backwards, and carries along what comes from later;
# - the parameters collect from every step;
# - what arrives at the beginning, before the first step, belongs to $h_0$.
#
# In the code, `self.h` holds all states, $h_0$ included: `self.h[:, t]` is the state *before* step
# `t`, `self.h[:, t + 1]` the state after it, while `x[:, t]` and `upstream[:, t]` are the input and
# the gradient of step `t` itself.


# %%
class RNN:
    """All steps of a recurrent network; the output is the state after each of them.

    Shapes: x (batch, time, inputs), h0 (batch, units), Wx (inputs, units), Wh (units, units),
    b (units,); the output and upstream (batch, time, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h0: np.ndarray) -> np.ndarray:
        states = [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(x[:, t] @ self.Wx + states[-1] @ self.Wh + self.b))
        self.x, self.h = x, np.stack(states, axis=1)
        return self.h[:, 1:]

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, time, inputs) and dh0 (batch, units), given upstream (batch, time, units).
        """
        self.dWx, self.dWh = np.zeros(self.Wx.shape), np.zeros(self.Wh.shape)
        self.db, dx = np.zeros(self.b.shape), np.zeros(self.x.shape)
        later = 0.0  # what comes to the state after step t from the steps that follow
        for t in reversed(range(self.x.shape[1])):
            delta = (upstream[:, t] + later) * (1 - self.h[:, t + 1] ** 2)
            self.dWx += self.x[:, t].T @ delta
            self.dWh += self.h[:, t].T @ delta
            self.db += delta.sum(axis=0)
            dx[:, t] = delta @ self.Wx.T
            later = delta @ self.Wh.T
        return dx, later


# %% tags=["active-ipynb"]
# check(RNN)

# %% [markdown]
# Each step back multiplies by $W_h$ and by slopes of tanh, which are at most 1. With small weights
# the gradient of the last output has vanished after a few steps, with large ones it grows. Here is
# its size, from your own `backward`:

# %% tags=["active-ipynb"]
# rng, units, time = np.random.default_rng(0), 30, 40
# Wh, x0 = rng.normal(size=(units, units)) / np.sqrt(units), 0.1 * rng.normal(size=(1, time, units))
# upstream0 = np.zeros((1, time, units))
# upstream0[:, -1] = rng.normal(size=units)
# figure, ax = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
# for scale in (0.5, 1.0, 4.0):
#     network = RNN(np.eye(units), scale * Wh, np.zeros(units))
#     network.forward(x0, np.zeros((1, units)))
#     dx, _ = network.backward(upstream0)
#     ax.semilogy(range(1, time + 1), np.linalg.norm(dx[0], axis=1), label=f"{scale:g} times $W_h$")
# ax.set(xlabel="step $t$", ylabel=r"size of $\partial L/\partial x_t$")
# ax.grid(alpha=0.3)
# ax.legend()
# plt.show()

# %% [markdown]
# ## One step of an LSTM
#
# The cure: a second state $c$ that is not pushed through a matrix at each step, only weighted and
# added to. *Gates*, numbers between 0 and 1, decide what is let in, kept and shown. All four parts
# come out of one product, cut into four blocks of columns **in the order i, f, o, g**:
#
# $$(a_i,\, a_f,\, a_o,\, a_g) = x\,W_x + h\,W_h + b$$
#
# $$i = \sigma(a_i) \qquad f = \sigma(a_f) \qquad o = \sigma(a_o) \qquad g = \tanh(a_g)$$
#
# $$c' = f\,c + i\,g \qquad h' = o\,\tanh(c')$$
#
# There are two outputs, $h'$ and $c'$, so `backward(dh, dc)` gets two gradients and returns three,
# those of $x$, $h$ and $c$.
#
# **On paper first.** Draw the graph. $c'$ has two readers: it is an output itself, with the
# gradient `dc`, and it is inside of $h'$. With all that it collects,
#
# $$\delta_c = \mathrm{dc} + \mathrm{dh}\cdot o\,(1 - \tanh(c')^2)$$
#
# the rest is one line for each of $i$, $f$, $o$, $g$ and $c$: which factor stands beside it? Then
# go through the four activations, join the four blocks with `np.concatenate` in the same order as
# they were cut, and do as in `RNNCell`.


# %%
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


# %%
class LSTMCell:
    """One step of a long short-term memory.

    Shapes: x (batch, inputs), h and c (batch, units), Wx (inputs, 4 units), Wh (units, 4 units),
    b (4 units,); both outputs, dh and dc (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a_i, a_f, a_o, a_g = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        self.x, self.h, self.c = x, h, c
        self.i, self.f, self.o, self.g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c_next = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        delta_c = dc + dh * self.o * (1 - self.tanh_c**2)
        delta_i = delta_c * self.g * self.i * (1 - self.i)
        delta_f = delta_c * self.c * self.f * (1 - self.f)
        delta_o = dh * self.tanh_c * self.o * (1 - self.o)
        delta_g = delta_c * self.i * (1 - self.g**2)
        delta = np.concatenate([delta_i, delta_f, delta_o, delta_g], axis=1)
        self.dWx = self.x.T @ delta
        self.dWh = self.h.T @ delta
        self.db = delta.sum(axis=0)
        return delta @ self.Wx.T, delta @ self.Wh.T, delta_c * self.f


# %% tags=["active-ipynb"]
# check(LSTMCell)

# %% [markdown]
# ## Attention
#
# No steps at all: every query $q$ is compared with every key $k$, and takes from the values $v$ as
# much as they fit. In each sequence of the batch, with keys and queries of $D$ numbers,
#
# $$S = \frac{q\,k^T}{\sqrt D} \qquad P = \mathrm{softmax}(S) \text{, row by row} \qquad y = P\,v$$
#
# | name | shape |
# |---|---|
# | `q` | `(batch, queries, width)` |
# | `k` | `(batch, keys, width)` |
# | `v` | `(batch, keys, values)` |
# | `y`, `upstream` | `(batch, queries, values)` |
# | $S$, $P$ | `(batch, queries, keys)` |
# | `mask` | anything that broadcasts to the shape of $S$; `True` where attending is allowed |
#
# Where the mask is `False`, the score is set to $-\infty$ before the softmax, and its probability
# is exactly 0. (Each query may look at one key at least.)
#
# Go back one formula at a time. $y = P v$ is a matrix product, with two factors that both want a
# gradient; softmax you have met; $S$ is another matrix product, and do not lose its $\sqrt D$:
#
# $$\frac{\partial L}{\partial v} = P^T\,\mathrm{upstream} \qquad
#   \frac{\partial L}{\partial P} = \mathrm{upstream}\; v^T \qquad
#   \frac{\partial L}{\partial S_{ij}} = P_{ij}\Bigl(\frac{\partial L}{\partial P_{ij}}
#   - \sum_m \frac{\partial L}{\partial P_{im}}\,P_{im}\Bigr)$$
#
# $$\frac{\partial L}{\partial q} = \frac{1}{\sqrt D}\,\frac{\partial L}{\partial S}\,k \qquad
#   \frac{\partial L}{\partial k} = \frac{1}{\sqrt D}
#   \Bigl(\frac{\partial L}{\partial S}\Bigr)^{\!T} q$$
#
# `@` multiplies the matrices of all sequences at once; to transpose each of them, exchange the last
# two axes: `a.swapaxes(1, 2)`. What has the mask to do with it? Look at $P_{ij}$ where it is
# `False`.


# %%
class ScaledDotProductAttention:
    """softmax(q k^T / sqrt(width)) v, in each sequence of the batch.

    Shapes: q (batch, queries, width), k (batch, keys, width), v (batch, keys, values); the output
    and upstream (batch, queries, values); mask (queries, keys) or (batch, queries, keys).
    """

    def forward(
        self, q: np.ndarray, k: np.ndarray, v: np.ndarray, mask: np.ndarray | None = None
    ) -> np.ndarray:
        self.q, self.k, self.v, self.root = q, k, v, np.sqrt(q.shape[-1])
        scores = q @ k.swapaxes(1, 2) / self.root
        if mask is not None:
            scores = np.where(mask, scores, -np.inf)
        shifted = scores - scores.max(axis=-1, keepdims=True)  # keeps exp finite
        self.p = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.p @ v

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return dq (batch, queries, width), dk (batch, keys, width), dv (batch, keys, values).

        upstream has the shape (batch, queries, values).
        """
        dv = self.p.swapaxes(1, 2) @ upstream
        dp = upstream @ self.v.swapaxes(1, 2)
        ds = self.p * (dp - np.sum(dp * self.p, axis=-1, keepdims=True)) / self.root
        return ds @ self.k, ds.swapaxes(1, 2) @ self.q, dv


# %% tags=["active-ipynb"]
# check(ScaledDotProductAttention)

# %% [markdown]
# A mask in use: a network that learns to write must not read ahead. Left what each of eight words
# attends to without a mask, right with one that allows the words up to its own.

# %% tags=["active-ipynb"]
# words = np.random.default_rng(3).normal(size=(1, 8, 16))
# figure, axes = plt.subplots(1, 2, figsize=(6, 2.8), layout="constrained")
# for ax, mask, title in zip(
#     axes, (None, np.tril(np.ones((8, 8), dtype=bool))), ("no mask", "causal mask"), strict=True
# ):
#     layer = ScaledDotProductAttention()
#     layer.forward(words, 0.5 * words, words, mask)
#     ax.imshow(layer.p[0], cmap="Blues", vmin=0, vmax=1)
#     ax.set(xlabel="key", ylabel="query")
#     ax.set_title(title, fontsize=10)
# plt.show()

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import Exercise, Integers, Uniform, Variation


def _variations(sizes, others, one, *further: Variation) -> tuple[Variation, ...]:
    """The usual ones, with sizes of the page's own: usual, different and extreme."""
    return (
        Variation("random values", sizes),
        Variation("other sizes", others),
        *(Variation(name, size) for name, size in one.items()),
        Variation("backward called twice", sizes, calls="twice"),
        Variation("another instance used in between", others, calls="between"),
        Variation("instance used before", others, calls="reused"),
        *further,
    )


STEP = {"batch": 4, "inputs": 3, "units": 2, "blocks": 8}
OTHER_STEP = {"batch": 2, "inputs": 4, "units": 3, "blocks": 12}
SINGLE_STEP = {"batch of one": {"batch": 1, "inputs": 2, "units": 3, "blocks": 12}}
TIME = {"batch": 4, "time": 3, "inputs": 2, "units": 5}
OTHER_TIME = {"batch": 2, "time": 4, "inputs": 3, "units": 2}
SINGLE_TIMES = {
    "a single step": {**TIME, "time": 1},
    "one sequence, six steps": {"batch": 1, "time": 6, "inputs": 3, "units": 2},
}
WORDS = {"batch": 2, "time": 4, "words": 5, "units": 3}
OTHER_WORDS = {"batch": 3, "time": 2, "words": 9, "units": 4}
SINGLE_WORDS = {
    "a single place": {"batch": 1, "time": 1, "words": 3, "units": 2},
    "every word many times": {"batch": 4, "time": 6, "words": 2, "units": 3},
}
LOOK = {"batch": 2, "queries": 3, "keys": 4, "width": 2, "values": 5}
OTHER_LOOK = {"batch": 3, "queries": 4, "keys": 2, "width": 5, "values": 3}
SINGLE_LOOKS = {
    "a single query": {**LOOK, "queries": 1},
    "a single key": {**LOOK, "keys": 1},
    "one number per value": {**LOOK, "batch": 1, "values": 1},
    "as many queries as keys": {**LOOK, "queries": 4},
}
CAUSAL = [[True, False, False, False], [True, True, False, False], [True, True, True, False]]
SHORTER = [[[True, True, True, False]] * 3, [[False, True, True, True]] * 3]
SPARSE = [[False, False, True, False], [True, False, False, True], [False, True, False, False]]


def _masked(name: str, mask: list) -> Variation:
    return Variation(name, LOOK, options={"forward": {"mask": mask}})


def _recurrent(units: str) -> dict[str, Uniform]:
    """Weights that leave tanh and sigmoid well away from saturation."""
    return {
        "Wx": Uniform(f"inputs {units}", -1.0, 1.0),
        "Wh": Uniform(f"units {units}", -1.0, 1.0),
        "b": Uniform(units, -1.0, 1.0),
    }


EXERCISES = (
    Exercise(
        name="Embedding",
        kind="layer",
        points={"dW": 6},
        params={"W": Uniform("words units")},
        inputs={"tokens": Integers("batch time", "words")},
        output=Uniform("batch time units"),
        variations=_variations(WORDS, OTHER_WORDS, SINGLE_WORDS),
    ),
    Exercise(
        name="RNNCell",
        kind="layer",
        points={"dx": 3, "dh": 3, "dWx": 2, "dWh": 2, "db": 2},
        params=_recurrent("units"),
        inputs={"x": Uniform("batch inputs"), "h": Uniform("batch units", -1.0, 1.0)},
        output=Uniform("batch units"),
        variations=_variations(STEP, OTHER_STEP, SINGLE_STEP),
    ),
    Exercise(
        name="RNN",
        kind="layer",
        points={"dx": 3, "dh0": 3, "dWx": 2, "dWh": 2, "db": 2},
        params=_recurrent("units"),
        inputs={"x": Uniform("batch time inputs"), "h0": Uniform("batch units", -1.0, 1.0)},
        output=Uniform("batch time units"),
        variations=_variations(TIME, OTHER_TIME, SINGLE_TIMES),
    ),
    Exercise(
        name="LSTMCell",
        kind="cell",
        points={"dx": 3, "dh": 3, "dc": 4, "dWx": 3, "dWh": 3, "db": 2},
        params=_recurrent("blocks"),
        inputs={
            "x": Uniform("batch inputs"),
            "h": Uniform("batch units", -1.0, 1.0),
            "c": Uniform("batch units"),
        },
        output=Uniform("2 batch units"),  # dh and dc
        variations=_variations(STEP, OTHER_STEP, SINGLE_STEP),
    ),
    Exercise(
        name="ScaledDotProductAttention",
        kind="layer",
        points={"dq": 4, "dk": 4, "dv": 2},
        inputs={
            "q": Uniform("batch queries width"),
            "k": Uniform("batch keys width"),
            "v": Uniform("batch keys values"),
        },
        output=Uniform("batch queries values"),
        variations=_variations(
            LOOK,
            OTHER_LOOK,
            SINGLE_LOOKS,
            _masked("causal mask", CAUSAL),
            _masked("a mask per sequence", SHORTER),
            _masked("few keys allowed", SPARSE),
        ),
    ),
)
