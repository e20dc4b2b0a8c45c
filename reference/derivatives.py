# %% [markdown]
# # Derivatives three ways
#
# To train a network is to ask, for each of its parameters: if this number grows a little, does the
# loss grow or shrink, and how fast? The answer is a derivative. In this notebook you find
# derivatives in three ways:
#
# 1. **by hand**, with the chain rule;
# 2. **by finite differences**: move the number a little and look;
# 3. **by hand again**, but for a network, in an order that reuses what is known already.
#
# The first needs a new formula for each new network. The second needs no formula at all, but a
# forward pass for every parameter, and it is never quite right. The third is the beginning of
# backpropagation, and of all that follows in this course.
#
# Replace each line `raise NotImplementedError` by your own code.

# %% [markdown]
# ## Conventions
#
# - A function of an array works entry by entry, unless it says that it gives a single number.
# - `f` is a Python function that is handed to yours; call it as `f(x)`. It gives back an array of
#   the shape of `x`, or a single number, as each exercise says.
# - Arrays that are handed to you belong to the caller: leave them as they were.
# - All numbers are `float64`.

# %%
from collections.abc import Callable

import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## A worked example: the chain rule with two links
#
# $$y = u^3 \qquad u = 2x + 1$$
#
# A small change of $x$ changes $u$ twice as much, and a small change of $u$ changes $y$ by $3u^2$
# times as much. One after the other: the factors multiply.
#
# $$\frac{dy}{dx} = \frac{dy}{du}\,\frac{du}{dx} = 3u^2 \cdot 2 = 6\,(2x + 1)^2$$
#
# Each factor is taken **where the forward pass has been**: at $x = 1$ the first one is $3u^2 = 27$
# with $u = 3$, and not 3.


# %%
def cube_of_a_line(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dx and dy/dx of y = (2 x + 1)**3, entry by entry."""
    u = 2 * x + 1
    dy_du = 3 * u**2
    du_dx = 2 * np.ones_like(x)
    return dy_du, du_dx, dy_du * du_dx


# %% tags=["active-ipynb"]
# print(cube_of_a_line(np.array([1.0, 0.0, -2.0])))

# %% [markdown]
# ## The chain rule by hand
#
# $$y = e^{\sin(x^2)}, \qquad\text{link by link:}\qquad v = x^2 \qquad u = \sin v \qquad y = e^u$$
#
# Return the three derivatives of the links and their product.


# %%
def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    v = x**2
    u = np.sin(v)
    dy_du = np.exp(u)
    du_dv = np.cos(v)
    dv_dx = 2 * x
    return dy_du, du_dv, dv_dx, dy_du * du_dv * dv_dx


# %% tags=["active-ipynb"]
# check(chain_rule)

# %% [markdown]
# ## Finite differences
#
# A derivative is the limit of a slope over a shorter and shorter step $h$. Leave out the limit and
# take a short step:
#
# | | slope between | |
# |---|---|---|
# | forward | $x$ and $x + h$ | $\dfrac{f(x + h) - f(x)}{h}$ |
# | backward | $x - h$ and $x$ | $\dfrac{f(x) - f(x - h)}{h}$ |
# | central | $x - h/2$ and $x + h/2$ | $\dfrac{f(x + h/2) - f(x - h/2)}{h}$ |
#
# All of them are over a step of the length $h$. The central one lies evenly about $x$.


# %%
def forward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x to x + h, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    return (f(x + h) - f(x)) / h


# %% tags=["active-ipynb"]
# check(forward_difference)


# %%
def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    return (f(x) - f(x - h)) / h


# %% tags=["active-ipynb"]
# check(backward_difference)


# %%
def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    return (f(x + h / 2) - f(x - h / 2)) / h


# %% tags=["active-ipynb"]
# check(central_difference)

# %% [markdown]
# ## How short a step?
#
# By Taylor's formula, $f(x + h) = f(x) + h f'(x) + \tfrac12 h^2 f''(x) + \ldots$, so the forward
# difference is off by about $\tfrac12 h f''(x)$. In the central one the even terms cancel, and
# $\tfrac1{24} h^2 f'''(x)$ is left. That is the **truncation error**. It shrinks with $h$.
#
# A computer keeps sixteen digits. $f(x + h)$ and $f(x)$ agree in most of them if $h$ is small, and
# their difference has only those that are left. This **rounding error** is about $10^{-16}/h$. It
# grows as $h$ shrinks. Together they make a V, drawn here with your own functions at $x = 1$:

# %% tags=["active-ipynb"]
# h = np.logspace(-15, 0, 200)
# right = chain_rule(np.array(1.0))[3]
#
#
# def curve(x):
#     return np.exp(np.sin(x**2))
#
#
# figure, ax = plt.subplots(figsize=(5.4, 3.4), layout="constrained")
# for difference in (forward_difference, backward_difference, central_difference):
#     error = [abs(difference(curve, np.array(1.0), one) - right) for one in h]
#     ax.loglog(h, np.maximum(error, 1e-17), lw=1, label=difference.__name__.replace("_", " "))
# ax.set(xlabel="step $h$", ylabel="error at $x = 1$")
# ax.grid(alpha=0.3)
# ax.legend()
# plt.show()

# %% [markdown]
# Read off: which step is best for the forward difference, which for the central one, and how many
# digits are right there? That is why steps of about $10^{-5}$ are so common.
#
# ## The gradient of a function of many numbers
#
# Now $f$ takes an array and gives back **one number**, such as the loss of a network for an array
# of weights. Its gradient has the shape of that array: each entry says how fast $f$ changes if
# that entry alone is moved.
#
# $$\frac{\partial f}{\partial x_i} \approx
#   \frac{f(x + \tfrac h2 e_i) - f(x - \tfrac h2 e_i)}{h}$$
#
# where $e_i$ is 1 at $i$ and 0 elsewhere. `np.ndindex(x.shape)` runs through the indices of an
# array of any shape, and `x[at]` is the entry at such an index. Move one entry at a time, move it
# back before the next, and do it in a copy: `x` belongs to the caller.


# %%
def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    gradient = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[at] += h / 2
        down[at] -= h / 2
        gradient[at] = (f(up) - f(down)) / h
    return gradient


# %% tags=["active-ipynb"]
# check(numerical_gradient)

# %% [markdown]
# No formula was needed, and every gradient of this course can be tested in this way. Why not train
# with it? Count the forward passes.

# %% tags=["active-ipynb"]
# def passes(parameters):
#     calls = 0
#
#     def f(x):
#         nonlocal calls
#         calls += 1
#         return np.sum(x**2)
#
#     numerical_gradient(f, np.ones(parameters))
#     return calls
#
#
# counts = [1, 10, 100, 1000]
# figure, ax = plt.subplots(figsize=(5.4, 3), layout="constrained")
# ax.loglog(counts, [passes(count) for count in counts], "o", label="numerical_gradient")
# every = np.logspace(0, 11, 50)
# ax.loglog(every, 2 * every, "C0--", lw=1, label="two for each parameter")
# ax.loglog(every, np.full(50, 3.0), "C1", label="backpropagation: worth about three")
# for parameters, name in ((1.3e3, "moons"), (6e7, "AlexNet"), (7e9, "a language model")):
#     ax.axvline(parameters, color="0.6", lw=0.8)
#     ax.text(parameters, 30, name, rotation=90, ha="right", fontsize=8)
# ax.set(xlabel="parameters", ylabel="forward passes per gradient")
# ax.legend(fontsize=8)
# plt.show()

# %% [markdown]
# ## A network by hand
#
# Two numbers go in, one comes out:
#
# ```
#     x  ───▶  linear pair  ───▶  ReLU pair  ───▶  linear output  ───▶  yhat
#    (2,)       W1, b1 (2,)       W2, b2 (2,)        W3, b3 (1,)        (1,)
# ```
#
# $$a_1 = x W_1 + b_1 \qquad h_1 = a_1 \qquad\quad a_2 = h_1 W_2 + b_2 \qquad h_2 = \max(0, a_2)$$
#
# $$\hat y = a_3 = h_2 W_3 + b_3 \qquad\quad L = \tfrac12 (\hat y - y)^2$$
#
# `weights` is the list $W_1$ `(inputs, 2)`, $W_2$ `(2, 2)`, $W_3$ `(2, 1)`, and `biases` the list
# $b_1$, $b_2$, $b_3$; the ReLU pair has the bias $-0.5$. There is one example only, so `x` is
# `(inputs,)` and `y` is `(1,)`.
#
# **Backward.** Write $\delta_j = \partial L/\partial a_j$ for each unit: how fast the loss changes
# with what the unit receives. It begins at the output, with $\delta = \hat y - y$. A hidden unit
# $j$ reaches the loss through all units $k$ of the next layer, through the weights $w_{jk}$ that
# lead there, so
#
# $$\delta_j = g'(a_j) \sum_k w_{jk}\,\delta_k$$
#
# with the slope $g'$ of its own activation: 1 in the linear pair, 1 or 0 in the ReLU pair. Each
# layer reuses the deltas of the next: nothing is computed twice, and one pass back gives them
# all.
#
# **Step.** A weight $w_{ij}$ carries the output $h_i$ of unit $i$ to unit $j$, so
# $\partial L/\partial w_{ij} = h_i\,\delta_j$ (`np.outer` makes the table of all these products),
# and gradient descent moves it by $-\mathrm{lr}$ times that. All deltas are found with the
# **old** weights. The biases are left alone.


# %%
def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    h1 = x @ W1 + b1
    a2 = h1 @ W2 + b2
    h2 = np.maximum(a2, 0.0)
    yhat = h2 @ W3 + b3

    delta3 = yhat - y
    delta2 = (a2 > 0) * (W3 @ delta3)
    delta1 = W2 @ delta2

    new1 = W1 - lr * np.outer(x, delta1)
    new2 = W2 - lr * np.outer(h1, delta2)
    new3 = W3 - lr * np.outer(h2, delta3)
    return yhat, [delta1, delta2, delta3], [new1, new2, new3]


# %% tags=["active-ipynb"]
# check(two_layer_step)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.calls.functions import function_of
from grader.derivative import Estimate, gradient
from grader.exercise import Case, Exercise, Uniform, Variation


def _slopes(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> Estimate:
    """Derivatives of a function that works entry by entry."""
    return gradient(lambda moved: float(np.sum(f(moved))), x)


def _chain_rule_witness(x: np.ndarray) -> tuple[Estimate, ...]:
    v = x * x
    whole = _slopes(lambda x: np.exp(np.sin(x * x)), x)
    return _slopes(np.exp, np.sin(v)), _slopes(np.sin, v), _slopes(np.square, x), whole


NODES, SHARES = np.polynomial.legendre.leggauss(20)


def _mean_slope(case: Case, low: float, high: float) -> np.ndarray:
    """The mean of the derivative from x + low h to x + high h, by Gauss' rule: what the slope of a
    secant is, without a difference."""
    x, h = case.inputs["x"], case.inputs["h"]
    f = case.options["f"]
    places = [x + h * (low + (high - low) * (node + 1) / 2) for node in NODES]
    slopes = [
        sum(c * k * at ** (k - 1) for k, c in enumerate(f["powers"]) if k)
        + sum(a * w * np.cos(w * at) for a, w in f["waves"])
        for at in places
    ]
    return np.tensordot(SHARES / 2, np.array(slopes), 1)


def _gradient_witness(case: Case) -> Estimate:
    """Exact to what a difference with the step h can be."""
    x, f = case.inputs["x"], dict(case.options["f"])
    noise = sum(abs(a) for a, w in f["waves"] if w > NOISY)
    f["waves"] = [(a, w) for a, w in f["waves"] if w <= NOISY]
    found = gradient(function_of(f), x)
    return Estimate(found.value, found.error + 2e-8 + 2 * x.size * noise / case.options.get("h", 1))


def _two_layer_witness(*arrays: np.ndarray) -> tuple[Estimate | np.ndarray, ...]:
    weights, biases, (x, y, lr) = arrays[:3], arrays[3:6], arrays[6:]

    def run(weights, biases):
        a2 = biases[1] + (biases[0] + weights[0].T @ x) @ weights[1]
        return (0.5 * (a2 + np.abs(a2))) @ weights[2] + biases[2]

    def loss_with(place: int, array: np.ndarray) -> float:
        both = [*weights, *biases]
        both[place] = array
        return float(np.sum((run(both[:3], both[3:]) - y) ** 2) / 2)

    # a bias is added to what its unit receives, so its gradient is the unit's delta
    slopes = [gradient(lambda a, p=p: loss_with(p, a), one) for p, one in enumerate(arrays[:6])]
    moved = [
        Estimate(old - lr * slope.value, lr * slope.error)
        for old, slope in zip(weights, slopes[:3], strict=True)
    ]
    return run(weights, biases), *slopes[3:], *moved


NOISY = 1e6  # waves above this frequency are noise
WITNESSES = {
    "chain_rule": _chain_rule_witness,
    "forward_difference": lambda case: _mean_slope(case, 0.0, 1.0),
    "backward_difference": lambda case: _mean_slope(case, -1.0, 0.0),
    "central_difference": lambda case: _mean_slope(case, -0.5, 0.5),
    "numerical_gradient": _gradient_witness,
    "two_layer_step": _two_layer_witness,
}

SMOOTH = {"powers": [0.3, -1.0, 0.8, 0.4], "waves": [[1.5, 1.3]]}
WAVY = {"powers": [0.0, 0.5], "waves": [[1.0, 2.0], [-0.7, 3.1]]}
STEEP = {"powers": [-2.0, 0.0, -1.2, 0.0, 0.5], "waves": []}


def _difference(name: str) -> Exercise:
    return Exercise(
        name=name,
        kind="functional",
        points={"slope": 4},
        inputs={"x": Uniform("n"), "h": Uniform("", 0.2, 0.6)},
        variations=(
            Variation("random values", {"n": 5}, options={"f": SMOOTH}),
            Variation("another function", {"n": 4}, options={"f": WAVY}),
            Variation("a matrix", {"n": 3}, {"x": Uniform("n 2")}, {"f": STEEP}),
            Variation("one number", {}, {"x": Uniform("")}, {"f": SMOOTH}),
            Variation("a short step", {"n": 6}, {"h": Uniform("", 1e-3, 2e-3)}, {"f": WAVY}),
        ),
    )


MANY = {"powers": [0.2, 1.0, -0.6, 0.3], "waves": [[0.8, 1.7]], "coupling": 0.4}
OTHER = {"powers": [0.0, -0.5, 0.9], "waves": [[1.1, 0.9]], "coupling": -0.7}
# what a measurement would give: a step of 1e-5 sees the noise and nothing else
MEASURED = {"powers": [1.0, 0.7, 0.5], "waves": [[2e-9, 1e9]], "coupling": 0.3}


def _network(inputs: int, b2: float | None = -0.5) -> dict[str, Uniform]:
    low, high = (-1.0, 1.0) if b2 is None else (b2, b2)
    return {
        "weights.1": Uniform(f"{inputs} 2"),
        "weights.2": Uniform("2 2"),
        "weights.3": Uniform("2 1"),
        "biases.1": Uniform("2"),
        "biases.2": Uniform("2", low, high),
        "biases.3": Uniform("1"),
        "x": Uniform(f"{inputs}"),
        "y": Uniform("1"),
        "lr": Uniform("", 0.1, 0.5),
    }


# with positive numbers everywhere the ReLU pair is open, with a bias of -100 it is shut
OPEN = {name: Uniform(draw.axes, 0.5, 2.0) for name, draw in _network(2).items() if name != "lr"}
# what the ReLU pair receives lies between 0 and 1; the output is far too small
JUST_OPEN = {
    **{name: Uniform(draw.axes, 0.3, 0.6) for name, draw in OPEN.items()},
    **{"biases.1": Uniform("2", 0.0, 0.1), "biases.2": Uniform("2", 0.0, 0.01)},
    "y": Uniform("1", 5.0, 6.0),
}
JUST_SHUT = {**JUST_OPEN, "biases.2": Uniform("2", -1.0, -1.0)}
SHUT = {"biases.2": Uniform("2", -100.0, -90.0)}

EXERCISES = (
    Exercise(
        name="chain_rule",
        kind="function",
        points={"dy_du": 2, "du_dv": 2, "dv_dx": 2, "dy_dx": 4},
        inputs={"x": Uniform("n")},
        variations=(
            Variation("random values", {"n": 6}),
            Variation("a matrix", {"n": 3}, {"x": Uniform("n 2")}),
            Variation("one number", {}, {"x": Uniform("")}),
            Variation("far from zero", {"n": 4}, {"x": Uniform("n", -5.0, -3.0)}),
        ),
    ),
    _difference("forward_difference"),
    _difference("backward_difference"),
    _difference("central_difference"),
    Exercise(
        name="numerical_gradient",
        kind="functional",
        points={"gradient": 12},
        inputs={"x": Uniform("n")},
        variations=(
            Variation("random values", {"n": 5}, options={"f": MANY}),
            Variation("a matrix", {"n": 4}, {"x": Uniform("n 3")}, {"f": OTHER}),
            Variation("three axes", {"n": 2}, {"x": Uniform("n 3 1")}, {"f": MANY}),
            Variation("one number", {}, {"x": Uniform("")}, {"f": OTHER}),
            Variation("a step of 1e-4", {"n": 4}, options={"f": MANY, "h": 1e-4}),
            Variation(
                "a noisy function, a step of 0.5", {"n": 3}, options={"f": MEASURED, "h": 0.5}
            ),
        ),
    ),
    Exercise(
        name="two_layer_step",
        kind="function",
        points={
            **{"yhat": 2, "deltas.1": 3, "deltas.2": 3, "deltas.3": 1},
            **{"weights.1": 2, "weights.2": 2, "weights.3": 1},
        },
        inputs=_network(2),
        variations=(
            Variation("random values"),
            Variation("other values"),
            Variation("both units of the ReLU pair open", draws=OPEN),
            Variation("both only just open", draws=JUST_OPEN),
            Variation("both only just shut", draws=JUST_SHUT),
            Variation("both units of the ReLU pair shut", draws=SHUT),
            Variation("other biases", draws={"biases.2": Uniform("2", -1.0, 1.0)}),
            Variation("three inputs", draws={"weights.1": Uniform("3 2"), "x": Uniform("3")}),
        ),
    ),
)
