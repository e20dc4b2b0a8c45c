# %% [markdown]
# # Two moons and momentum
#
# Two half moons of points reach into each other. A network with two hidden layers unfolds them: its
# last hidden layer has just two units, so you can *see* the plane into which it has carried the
# points, where one straight line is enough. In this notebook you write the backward pass of a
# network of any depth, the optimizer, and the loop that trains it. Replace each line
# `raise NotImplementedError` by your own code.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `X` | points, one per row | `(batch, 2)` |
# | `y` | the class of each point, 0 or 1 | `(batch,)` |
# | `scores` | output of the network, one column per class | `(batch, classes)` |
# | `upstream` | $\partial L/\partial\,\mathrm{scores}$, handed in | that of `scores` |
# | `W1`, `W2`, ... | weights, counted from the input | `(inputs, units)` |
# | `b1`, `b2`, ... | biases | `(units,)` |
#
# - The loss is the mean over all points; its $1/N$ is inside `upstream` already.
# - Gradients come in a dict with the same names as `parameters()`.
# - `X`, `y`, `upstream` and gradients that are handed to you belong to the caller: do not write
#   into them. Parameters are updated **in place**.
# - Everything is done with NumPy; other libraries are not accepted.

# %%
from itertools import pairwise

import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## The points
#
# Half a circle above, half a circle below, moved by normal noise. At the end every coordinate is
# **standardised**: mean 0 and standard deviation 1 over all points, as networks like it.


# %%
def make_moons(count: int, rng: np.random.Generator, noise: float = 0.2) -> tuple:
    """Return X (count, 2), standardised, and the classes y (count,); count is even."""
    angle = np.linspace(0, np.pi, count // 2)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    X = np.concatenate([upper, [1.0, 0.5] - upper]) + rng.normal(0, noise, (count, 2))
    y = np.repeat([0, 1], count // 2)
    order = rng.permutation(count)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    return X[order], y[order]


# %% [markdown]
# Of 1000 points 800 are for training. The other 200 tell how good the network is with points that
# it was not trained on.

# %% tags=["active-ipynb"]
# X, y = make_moons(1000, np.random.default_rng(0))
# X_train, y_train, X_test, y_test = X[:800], y[:800], X[800:], y[800:]
#
#
# def show_points(ax, X, y):
#     for label, colour, marker in ((0, "C0", "o"), (1, "C1", "^")):
#         ax.scatter(*X[y == label].T, s=8, c=colour, marker=marker, label=f"class {label}")
#
#
# figure, ax = plt.subplots(figsize=(5, 4), layout="constrained")
# show_points(ax, X_train, y_train)
# ax.set(xlabel="$x_1$", ylabel="$x_2$")
# ax.legend()
# plt.show()

# %% [markdown]
# The published points that this exercise comes from lie beside this notebook in `moons.csv`, 1000
# rows of $x_1$, $x_2$ and class, before standardising. `np.loadtxt("moons.csv", delimiter=",")`
# reads them.
#
# ## The loss
#
# **Softmax cross entropy**, as you know it from the notebook on losses. It is written, with its
# gradient:


# %%
def cross_entropy(scores: np.ndarray, y: np.ndarray) -> tuple:
    """Return the mean loss and its gradient with respect to the scores (batch, classes)."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    rows = np.arange(len(y))
    loss = float(-np.mean(np.log(p[rows, y])))
    p[rows, y] -= 1
    return loss, p / len(y)


# %% [markdown]
# ## A worked example: one unit per layer
#
# Take a network with one unit in each of its two layers, without biases, at $x = 2$ with $w_1 = 3$
# and $w_2 = -1$. Forward, each layer keeps its **input**:
#
# | | input | times weight | after ReLU |
# |---|---|---|---|
# | layer 1 | $x_1 = 2$ | $y_1 = 6$ | $6$ |
# | layer 2 | $x_2 = 6$ | $y_2 = -6$ | none: this is the score |
#
# Backward, let $\partial L/\partial y_2 = 0.5$ come in. Each layer does three things: it uses what
# comes in for its own weight, passes it on to its input, and on the way to the layer before it goes
# through that layer's ReLU:
#
# | | comes in | own gradient: $x$ times that | passed on: $w$ times that | after the ReLU |
# |---|---|---|---|---|
# | layer 2 | $0.5$ | $6 \cdot 0.5 = 3$ | $-1 \cdot 0.5 = -0.5$ | open, since $x_2 > 0$: $-0.5$ |
# | layer 1 | $-0.5$ | $2 \cdot (-0.5) = -1$ | not needed | |
#
# See how little has to be kept: the input of a layer is enough, because it is greater than 0
# exactly where the ReLU before it was open.

# %% tags=["active-ipynb"]
# def score(w1, w2, x=2.0):
#     return max(0.0, x * w1) * w2
#
#
# step = 1e-6
# up, down = 3 + step, 3 - step
# print("dw1 by finite differences:", 0.5 * (score(up, -1) - score(down, -1)) / (2 * step))
# up, down = -1 + step, -1 - step
# print("dw2 by finite differences:", 0.5 * (score(3, up) - score(3, down)) / (2 * step))

# %% [markdown]
# ## A network of any depth
#
# `MLP([2, 264, 2, 2], rng)` has 2 inputs, hidden layers of 264 and 2 units, and 2 scores. Every
# layer computes $y = xW + b$, and all but the last put $\max(0, y)$ into the next. `forward` keeps
# the input of every layer in the list `self.xs`, the first one in `self.xs[0]`.
#
# In `backward` the loop goes the other way. It begins with `upstream`, the gradient at the scores,
# and in each layer
#
# 1. finds the gradients of this layer's $W$ and $b$,
# 2. carries the gradient to the layer's input, through $W$,
# 3. and through the ReLU before it.
#
# Names count from 1: the gradients of `self.W[0]` and `self.b[0]` are `"W1"` and `"b1"`.


# %%
class MLP:
    """Affine layers with ReLU between them.

    sizes: of the input, of every hidden layer, of the output
    Shapes: x (batch, sizes[0]), scores and upstream (batch, sizes[-1])
    """

    def __init__(self, sizes: list, rng: np.random.Generator) -> None:
        self.W, self.b = [], []
        for inputs, units in pairwise(sizes):
            bound = 1 / np.sqrt(inputs)
            self.W.append(rng.uniform(-bound, bound, (inputs, units)))
            self.b.append(rng.uniform(-bound, bound, units))

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.xs = []
        for W, b in zip(self.W, self.b, strict=True):
            self.xs.append(x)
            y = x @ W + b
            x = np.maximum(0, y)
        return y

    def latent(self, x: np.ndarray) -> np.ndarray:
        """Return what the last layer sees."""
        for W, b in zip(self.W[:-1], self.b[:-1], strict=True):
            x = np.maximum(0, x @ W + b)
        return x

    def parameters(self) -> dict:
        """Return the arrays themselves, not copies: W1, b1, W2, b2, ..."""
        pairs = enumerate(zip(self.W, self.b, strict=True), 1)
        return {f"{name}{n}": p for n, pair in pairs for name, p in zip("Wb", pair, strict=True)}

    def backward(self, upstream: np.ndarray) -> dict:
        """Return the gradients of all parameters in a dict: W1, b1, W2, b2, ..."""
        grads = {}
        for layer in reversed(range(len(self.W))):
            grads[f"W{layer + 1}"] = self.xs[layer].T @ upstream
            grads[f"b{layer + 1}"] = upstream.sum(axis=0)
            upstream = (upstream @ self.W[layer].T) * (self.xs[layer] > 0)
        return grads


# %% tags=["active-ipynb"]
# check(MLP)

# %% [markdown]
# ## Momentum
#
# Every parameter $p$ has a velocity $v$ of its own shape, which begins at 0. In each step
#
# $$v \leftarrow \mu\,v + g \qquad\qquad p \leftarrow p - \eta\,v$$
#
# with the gradient $g$, in the shape of $p$ too, and two numbers, the learning rate $\eta$ (`lr`)
# and $\mu$ (`momentum`). With $\mu = 0.99$ the velocity becomes up to a hundred times the gradient,
# so a small $\eta$ will do.
#
# The arrays in `params` must change **in place**, because the network holds the same ones: `p -=
# ...` does it, `p = p - ...` makes a new array that nobody else knows.


# %%
class Momentum:
    """v <- momentum v + g, then p <- p - lr v.

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float, momentum: float) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.v[name] = self.momentum * self.v[name] + grads[name]
            self.params[name] -= self.lr * self.v[name]


# %% tags=["active-ipynb"]
# check(Momentum)

# %% [markdown]
# ## Training
#
# One step is: scores, loss and its gradient, gradients of the parameters, update. Use what you have
# written: `model.forward`, `cross_entropy`, `model.backward`, and **one** optimizer for all steps,
# since it is the one that remembers. Keep the loss of every step as it was **before** the update.
#
# What is checked here:
#
# - one step and ten steps of small networks, from parameters that nobody would begin with, against
#   the exact result;
# - your losses;
# - whether the network **learns**: 2-264-2-2, 800 points, learning rate 0.01, momentum 0.99, 1000
#   steps. We try the trained network on 2000 new points and want 93 % of them right. Good code
#   reaches 95 to 98: the moons overlap, so nobody gets all.
#
# All runs together may take **four minutes**. With arrays they take a few seconds; a loop in Python
# over the points takes one or two minutes, which is slow but counts in full. Loops over units as
# well, or gradients by finite differences, take hours.


# %%
def train(model: MLP, X: np.ndarray, y: np.ndarray, lr: float, momentum: float, steps: int) -> list:
    """Train the model on X (batch, inputs) and y (batch,); return the loss before each step.

    The model's own arrays are the trained ones afterwards.
    """
    optimizer, losses = Momentum(model.parameters(), lr, momentum), []
    for _ in range(steps):
        loss, upstream = cross_entropy(model.forward(X), y)
        losses.append(loss)
        optimizer.step(model.backward(upstream))
    return losses


# %% tags=["active-ipynb"]
# check(train)

# %% [markdown]
# ## Two spaces
#
# On the left the plane of the points, on the right the plane of the two last hidden units, where
# the network has put the same points. The colour says how sure the network is, from white (one
# half) to blue (1). On the right the border is a straight line, because there only one affine layer
# is left.

# %% tags=["active-ipynb"]
# model = MLP([2, 264, 2, 2], np.random.default_rng(4))
# losses = train(model, X_train, y_train, lr=0.01, momentum=0.99, steps=1000)
#
#
# def accuracy(X, y):
#     return np.mean(model.forward(X).argmax(axis=1) == y)
#
#
# def last_layer(h):
#     return h @ model.W[-1] + model.b[-1]
#
#
# def show_confidence(ax, scores_of, points, low):
#     top = points.max(axis=0) + 0.5
#     x1, x2 = np.meshgrid(np.linspace(low[0], top[0], 150), np.linspace(low[1], top[1], 150))
#     scores = scores_of(np.column_stack([x1.ravel(), x2.ravel()]))
#     sure = 1 / (1 + np.exp(-np.abs(scores[:, 1] - scores[:, 0])))
#     levels = np.linspace(0.5, 1, 11)
#     ax.contourf(x1, x2, sure.reshape(x1.shape), levels=levels, cmap="Blues", alpha=0.7)
#     show_points(ax, points, y_train)
#
#
# print(f"loss {losses[0]:.2f} -> {losses[-1]:.2f}; right: {accuracy(X_train, y_train):.1%} of the")
# print(f"points for training, {accuracy(X_test, y_test):.1%} of the others")
# h = model.latent(X_train)
# figure, axes = plt.subplots(1, 3, figsize=(13, 4), layout="constrained")
# show_confidence(axes[0], model.forward, X_train, X_train.min(axis=0) - 0.5)
# axes[0].set(xlabel="$x_1$", ylabel="$x_2$", title="the points")
# show_confidence(axes[1], last_layer, h, h.min(axis=0) - 0.5)
# axes[1].set(xlabel="$h_1$", ylabel="$h_2$", title="the last hidden layer")
# axes[2].semilogy(losses)
# axes[2].set(xlabel="step", ylabel="loss", title="learning")
# plt.show()

# %% [markdown]
# ## Luck
#
# With two units in the last hidden layer there is little to spare. If both go silent, so that
# $\max(0, y) = 0$ for every point, no gradient passes any more, and the network says the same of
# all points for ever: loss 0.693, which is $\log 2$, and half of the points right. This happens to
# about 8 of 100 random beginnings **with correct code**. The beginnings on which your code is
# judged are not of that kind: we have tried them. If it happens to you here, take another seed
# before you look for a mistake.

# %% tags=["active-ipynb"]
# for seed in (17, 18, 19, 20):
#     model = MLP([2, 264, 2, 2], np.random.default_rng(seed))
#     losses = train(model, X_train, y_train, lr=0.01, momentum=0.99, steps=1000)
#     print(f"seed {seed}: loss {losses[-1]:.3f}, {accuracy(X_test, y_test):.1%} right")

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from dataclasses import replace

from grader.exercise import (
    BETWEEN,
    REUSED,
    TWICE,
    Case,
    Exercise,
    Sparse,
    Spread,
    Uniform,
    Variation,
)
from grader.points import Moons

STEPS_WITNESSED = 10
PARAMETERS_WITNESSED = 100  # few enough to be moved one by one


def _loss_at(case: Case, params: dict) -> complex:
    model = MLP([len(params["W1"]), *(len(params[f"b{n}"]) for n in (1, 2, 3))], np.random)
    model.W, model.b = ([params[f"{name}{n}"] for n in (1, 2, 3)] for name in "Wb")
    scores, y = model.forward(case.inputs["data"][:, :-1]), case.inputs["data"][:, -1].astype(int)
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(len(y)), y])


def _slope(case: Case, params: dict, name: str) -> np.ndarray:
    """By a step along the imaginary axis: exact, and it does not cross a kink on the way."""
    slope = np.empty_like(params[name])
    for at in np.ndindex(slope.shape):
        moved = params[name].astype(complex)
        moved[at] += 1e-30j
        slope[at] = _loss_at(case, {**params, name: moved}).imag / 1e-30
    return slope


def _descent(case: Case) -> tuple | None:
    """The same run with gradients from forward alone, and velocities as sums over the past."""
    lr, momentum, steps = (case.options[name] for name in ("lr", "momentum", "steps"))
    if steps > STEPS_WITNESSED or sum(p.size for p in case.params.values()) > PARAMETERS_WITNESSED:
        return None
    params, past, losses = dict(case.params), [], []
    for now in range(steps):
        losses.append(_loss_at(case, params).real)
        past.append({name: _slope(case, params, name) for name in params})
        decay = momentum ** np.arange(now, -1, -1)
        params = {
            name: p - lr * sum(d * g[name] for d, g in zip(decay, past, strict=True))
            for name, p in params.items()
        }
    moved = np.concatenate([np.ravel(params[name] - p) for name, p in case.params.items()])
    found = {"after_one_step": moved, "after_ten_steps": moved, "losses": np.array(losses)}
    return tuple(found[name] for name in case.answers)


def _velocities(case: Case) -> tuple:
    """The steps of Momentum, every velocity written out as a sum over the past."""
    lr, momentum = case.options["lr"], case.options["momentum"]
    rows = []
    for name in case.params:
        g = case.inputs[f"d{name}"]
        v = [sum(momentum ** (now - s) * g[s] for s in range(now + 1)) for now in range(len(g))]
        rows.append(-lr * np.cumsum(v, axis=0).reshape(len(g), -1))
    steps = np.concatenate(rows, axis=1)
    return steps[0], steps


WITNESSES = {"Momentum": _velocities, "train": _descent}

LAYERS = ("inputs first", "first second", "second outputs")
USUAL = {"batch": 6, "inputs": 4, "first": 7, "second": 3, "outputs": 5}
OTHER = {"batch": 3, "inputs": 2, "first": 4, "second": 6, "outputs": 7}
SMALL = {"points": 40, "inputs": 2, "first": 9, "second": 4, "outputs": 2}
DEEP = {"points": 800, "inputs": 2, "first": 264, "second": 2, "outputs": 2}


def _parameters(bounds: tuple = (1.0, 1.0, 1.0)) -> dict:
    """Draws of W1, b1, W2, ...; of each layer evenly up to its bound."""
    draws = {}
    for n, (axes, bound) in enumerate(zip(LAYERS, bounds, strict=True), 1):
        draws[f"W{n}"] = Uniform(axes, -bound, bound)
        draws[f"b{n}"] = Uniform(axes.split()[1], -bound, bound)
    return draws


def _gradients(draw) -> dict:
    return {"dW": draw("steps inputs units"), "db": draw("steps units")}


def _run(name: str, lr: float, momentum: float, **more) -> Variation:
    """A few steps of a small network; more: fields of the Variation."""
    steps = 1 if name.startswith("one") else 10
    answers = ["after_one_step" if steps == 1 else "after_ten_steps", "losses"]
    options = {"lr": lr, "momentum": momentum, "steps": steps, "answers": answers}
    return Variation(name, sizes=SMALL, options=options, **more)


def _learn(name: str, exchanged: bool, **more) -> Variation:
    # Accuracy of correct code, and of wrong code, over 100 seeds: docs/training.md
    judged = {"answers": ["losses", "accuracy"], "fresh": 2000}
    wanted = {"threshold": 0.93, "margin": 0.02, "settled": 0.28}
    bounds = tuple(float(DEEP[axes.split()[0]] ** -0.5) for axes in LAYERS)
    draws = {"data": Moons("points", exchanged=exchanged), **_parameters(bounds)}
    options = {"lr": 0.01, "momentum": 0.99, "steps": 1000, **judged, **wanted, **more}
    return Variation(name, sizes=DEEP, draws=draws, options=options)


EXERCISES = (
    Exercise(
        name="MLP",
        kind="network",
        points={"dW1": 4, "db1": 3, "dW2": 4, "db2": 3, "dW3": 3, "db3": 3},
        inputs={"x": Uniform("batch inputs")},
        params=_parameters(),
        output=Uniform("batch outputs"),
        variations=(
            Variation("random values", USUAL),
            Variation("other sizes", OTHER),
            Variation("batch of one", {**USUAL, "batch": 1}),
            *(replace(one, sizes=USUAL) for one in (TWICE, BETWEEN)),
            replace(REUSED, sizes=OTHER),
        ),
    ),
    Exercise(
        name="Momentum",
        kind="optimizer",
        points={"first_step": 3, "all_steps": 7},
        params={"W": Uniform("inputs units"), "b": Uniform("units")},
        inputs=_gradients(Uniform),
        options={"lr": 0.01, "momentum": 0.99},
        variations=(
            Variation("six steps", {"steps": 6}),
            Variation("other settings", {"steps": 6}, options={"lr": 0.2, "momentum": 0.5}),
            Variation("100 steps", {"steps": 100, "inputs": 2, "units": 2}),
            Variation("sparse gradients", {"steps": 20}, _gradients(Sparse)),
            Variation(
                "gradients of all sizes",
                {"steps": 20},
                _gradients(lambda axes: Spread(axes, 1e-3, 1e9)),
            ),
            Variation("a second optimizer beside it", {"steps": 5}, calls="between"),
        ),
    ),
    Exercise(
        name="train",
        kind="training",
        points={"after_one_step": 8, "after_ten_steps": 6, "losses": 4, "accuracy": 12},
        inputs={"data": Moons("points")},
        params=_parameters(),
        options={
            "model": "MLP",
            "network": {
                "activation": "relu",
                "layers": [["W1", "b1"], ["W2", "b2"], ["W3", "b3"]],
            },
        },
        variations=(
            _run("one step", 0.5, 0.9),
            _run(
                "one step, labels exchanged", 0.1, 0.5, draws={"data": Moons("points", 0.2, True)}
            ),
            _run("ten steps", 0.1, 0.9),
            _run("ten steps with less momentum", 0.3, 0.4),
            _learn("1000 steps", False, public={"steps": 300, "settled": 0.4}),
            _learn("1000 steps, labels exchanged", True),
        ),
        limit_seconds=240.0,
    ),
)
