# %% [markdown]
# # Optimizers
#
# `backward` says how the loss $L$ changes with every parameter. An **optimizer** decides what to do
# about it. The simplest one takes a small step against the gradient and forgets it; the others
# remember something of the gradients they have seen, and with that memory they get faster through
# long valleys, or treat every single parameter at its own scale.
#
# In this notebook you write six of them, as they are in every deep learning library. `__init__` is
# written and you write every `step`: replace each line
# `raise NotImplementedError` by your own code.

# %% [markdown]
# ## Conventions
#
# | name | meaning |
# |---|---|
# | `params` | a dict: name of a parameter, and its array $p$ |
# | `grads` | a dict with the same names: $g = \partial L/\partial p$, of the shape of $p$ |
# | `lr` | the learning rate $\eta$ |
# | $t$ | counts the calls of `step`, the first one is $t = 1$ |
#
# - `step(grads)` changes the arrays in `params` **in place**, because the network holds the same
#   arrays and must see the change. `p -= ...` and `p[...] = ...` do that; `p = p - ...` makes a new
#   array that nobody else knows.
# - What an optimizer remembers it keeps on `self`, one array per parameter, begun with zeros. Two
#   optimizers may be at work at the same time, on parameters with the same names.
# - All formulas hold entry by entry: squares, roots and quotients too.
# - `grads` belong to the caller: do not write into them.
# - All rules, and their defaults, are those of the classes of the same names in `torch.optim`.
# - Gradients may be 0, as small as $10^{-10}$, and as large as $10^{12}$.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## A worked example: only the sign counts
#
# The rule: every entry moves by the same distance $\eta$, against the sign of its gradient.
#
# $$p \leftarrow p - \eta\,\mathrm{sign}(g)$$
#
# It needs no memory. Line by line:


# %%
class SignDescent:
    """p <- p - lr sign(g).

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.params[name] -= self.lr * np.sign(grads[name])


# %% [markdown]
# With numbers: $p = (1, 2, 3)$, $g = (0.5, 0, -100)$ and $\eta = 0.1$ give $p = (0.9, 2, 3.1)$. See
# that the array itself has changed, the one that we made before there was an optimizer:

# %% tags=["active-ipynb"]
# p = np.array([1.0, 2.0, 3.0])
# SignDescent({"p": p}, lr=0.1).step({"p": np.array([0.5, 0.0, -100.0])})
# print(p)

# %% [markdown]
# ## Gradient descent
#
# A step against the gradient, as long as the gradient says:
#
# $$p \leftarrow p - \eta\,g$$
#
# It is called *stochastic* (SGD) when $g$ comes from a few examples drawn at random and not from
# all of them; the rule does not care.


# %%
class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.params[name] -= self.lr * grads[name]


# %% tags=["active-ipynb"]
# check(SGD)

# %% [markdown]
# ## Momentum
#
# A ball that rolls downhill does not stop where the slope ends. Give every parameter a velocity
# $v$, which loses a part of itself in each step and gains the gradient:
#
# $$v \leftarrow \mu\,v + g \qquad\qquad p \leftarrow p - \eta\,v$$
#
# $\mu$ is `momentum`, between 0 and 1; $v$ begins at 0, so the first step is that of plain gradient
# descent. If the gradient stays the same, $v$ grows towards $g/(1-\mu)$: with $\mu = 0.9$ the ball
# gets ten times as fast.
#
# Some books put $\eta$ into the velocity ($v \leftarrow \mu v + \eta g$). The steps are the same as
# long as $\eta$ is, what is stored is not; we take the form above.


# %%
class Momentum:
    """v <- momentum v + g, then p <- p - lr v.

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
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
# ## Nesterov
#
# The ball looks ahead. The velocity is that of momentum, but the step is the one that *would
# follow* if the same gradient came once more:
#
# $$v \leftarrow \mu\,v + g \qquad\qquad p \leftarrow p - \eta\,(g + \mu\,v)$$
#
# with the **new** $v$ in the second formula. The first step is therefore $\eta\,(1+\mu)\,g$ long,
# not $\eta\,g$.


# %%
class Nesterov:
    """v <- momentum v + g, then p <- p - lr (g + momentum v).

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.v[name] = self.momentum * self.v[name] + grads[name]
            self.params[name] -= self.lr * (grads[name] + self.momentum * self.v[name])


# %% tags=["active-ipynb"]
# check(Nesterov)

# %% [markdown]
# ## RMSProp
#
# In a valley that is steep across and flat along, one learning rate cannot suit both directions.
# RMSProp measures how large each entry's gradient usually is and divides by it. $s$ is a running
# mean of the *squares*:
#
# $$s \leftarrow \alpha\,s + (1 - \alpha)\,g^2 \qquad\qquad
#   p \leftarrow p - \eta\,\frac{g}{\sqrt{s} + \epsilon}$$
#
# $\epsilon$ keeps the quotient finite where no gradient ever came. It is added to the **root**, not
# to $s$. How large is the first step? $s = (1-\alpha)\,g^2$, so every entry moves by
# $\eta/\sqrt{1-\alpha}$, whatever its gradient is: ten times `lr` with the default.


# %%
class RMSProp:
    """s <- alpha s + (1 - alpha) g**2, then p <- p - lr g / (sqrt(s) + eps).

    params: a dict of arrays, changed in place by step
    s: one array per parameter, kept from step to step
    """

    def __init__(
        self, params: dict, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8
    ) -> None:
        self.params, self.lr, self.alpha, self.eps = params, lr, alpha, eps
        self.s = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            g = grads[name]
            self.s[name] = self.alpha * self.s[name] + (1 - self.alpha) * g**2
            self.params[name] -= self.lr * g / (np.sqrt(self.s[name]) + self.eps)


# %% tags=["active-ipynb"]
# check(RMSProp)

# %% [markdown]
# ## Adam
#
# Both memories together: a running mean $m$ of the gradients, and one, $s$, of their squares.
#
# $$m \leftarrow \beta_1\,m + (1 - \beta_1)\,g \qquad\qquad
#   s \leftarrow \beta_2\,s + (1 - \beta_2)\,g^2$$
#
# Both begin at 0 and are therefore too small at first. After $t$ steps with one and the same
# gradient $g$ the first mean would be $m = (1 - \beta_1^t)\,g$ where we want $g$. Dividing by that
# factor corrects it, and the same holds for $s$:
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat s = \frac{s}{1 - \beta_2^t} \qquad\qquad
#   p \leftarrow p - \eta\,\frac{\hat m}{\sqrt{\hat s} + \epsilon}$$
#
# $\hat m$ and $\hat s$ are for this step alone; what is kept are $m$ and $s$. A test without a
# computer: the first step moves every entry by $\eta$, for then $\hat m = g$ and
# $\sqrt{\hat s} = |g|$.


# %%
class Adam:
    """m and s are running means of g and g**2; p <- p - lr m_hat / (sqrt(s_hat) + eps).

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        beta1, beta2 = self.betas
        self.t += 1
        for name in self.params:
            g = grads[name]
            self.m[name] = beta1 * self.m[name] + (1 - beta1) * g
            self.s[name] = beta2 * self.s[name] + (1 - beta2) * g**2
            m_hat = self.m[name] / (1 - beta1**self.t)
            s_hat = self.s[name] / (1 - beta2**self.t)
            self.params[name] -= self.lr * m_hat / (np.sqrt(s_hat) + self.eps)


# %% tags=["active-ipynb"]
# check(Adam)

# %% [markdown]
# ## AdamW
#
# Weight decay pulls every parameter a little towards 0. With plain gradient descent one may add
# $\lambda\,p$ to the gradient; with Adam that would be divided by $\sqrt{\hat s}$ along with the
# rest, and the parameters with large gradients would hardly decay at all. AdamW keeps the two
# apart: first every parameter shrinks by the factor $1 - \eta\,\lambda$, then Adam's step follows,
# with a gradient that knows nothing of the decay.
#
# $$p \leftarrow (1 - \eta\,\lambda)\,p \qquad\qquad
#   p \leftarrow p - \eta\,\frac{\hat m}{\sqrt{\hat s} + \epsilon}$$
#
# $\lambda$ is `weight_decay`.


# %%
class AdamW:
    """p <- (1 - lr weight_decay) p, then the step of Adam.

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.weight_decay = weight_decay
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        beta1, beta2 = self.betas
        self.t += 1
        for name in self.params:
            g = grads[name]
            self.m[name] = beta1 * self.m[name] + (1 - beta1) * g
            self.s[name] = beta2 * self.s[name] + (1 - beta2) * g**2
            m_hat = self.m[name] / (1 - beta1**self.t)
            s_hat = self.s[name] / (1 - beta2**self.t)
            self.params[name] *= 1 - self.lr * self.weight_decay
            self.params[name] -= self.lr * m_hat / (np.sqrt(s_hat) + self.eps)


# %% tags=["active-ipynb"]
# check(AdamW)

# %% [markdown]
# ## A race through a valley
#
# $L = \tfrac12\,(x^2 + 40\,y^2)$ is forty times as steep across as it is along. All start at the
# dot and take 60 steps; the cross is the lowest point. Gradient descent goes down the steep side
# and then crawls; a larger learning rate would make it jump from side to side. Momentum swings and
# is carried along the valley, Nesterov swings less. RMSProp and Adam hardly see that the valley is
# narrow. Change the learning rates and look again.

# %% tags=["active-ipynb"]
# def path(make, steps=60):
#     params = {"x": np.array(-4.0), "y": np.array(1.2)}
#     optimizer, places = make(params), [(-4.0, 1.2)]
#     for _ in range(steps):
#         optimizer.step({"x": params["x"].copy(), "y": 40 * params["y"]})
#         places.append((float(params["x"]), float(params["y"])))
#     return np.array(places).T
#
#
# racers = {
#     "SGD, 0.02": lambda params: SGD(params, 0.02),
#     "Momentum, 0.02": lambda params: Momentum(params, 0.02, 0.8),
#     "Nesterov, 0.02": lambda params: Nesterov(params, 0.02, 0.8),
#     "RMSProp, 0.1": lambda params: RMSProp(params, 0.1, 0.9),
#     "Adam, 0.3": lambda params: Adam(params, 0.3),
# }
# x, y = np.meshgrid(np.linspace(-4.6, 1.4, 200), np.linspace(-1.6, 1.6, 100))
# figure, axes = plt.subplots(5, 1, figsize=(7, 10), sharex=True, layout="constrained")
# for ax, (name, make) in zip(axes, racers.items()):
#     ax.contour(x, y, (x**2 + 40 * y**2) / 2, levels=12, colors="gray", alpha=0.4, linewidths=0.7)
#     ax.plot(*path(make), ".-", color="C0", markersize=4, linewidth=1)
#     ax.plot(-4.0, 1.2, "o", color="C1")
#     ax.plot(0, 0, "x", color="C3", markersize=9)
#     ax.set(ylabel="$y$", ylim=(-1.6, 1.6))
#     ax.set_title(name, fontsize=10)
# axes[-1].set_xlabel("$x$")
# plt.show()

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from collections.abc import Mapping

from grader.exercise import Case, Exercise, Sparse, Spread, Uniform, Variation

SMALL = {"inputs": 2, "units": 2}


def _gradients(draw) -> dict:
    """Draws for the gradients of both parameters, made by a function of their axes."""
    return {"dW": draw("steps inputs units"), "db": draw("steps units")}


TINY = {
    **_gradients(lambda axes: Spread(axes, 1e-10, 1e-6)),
    "W": Uniform("inputs units", -1e-6, 1e-6),
    "b": Uniform("units", -1e-6, 1e-6),
}

VARIATIONS = (
    Variation("six steps", {"steps": 6}),
    Variation("100 steps", {"steps": 100, **SMALL}),
    Variation("sparse gradients", {"steps": 20, **SMALL}, _gradients(Sparse)),
    Variation("zero gradients", {"steps": 3}, _gradients(lambda axes: Uniform(axes, 0.0, 0.0))),
    # begun near 0, so that rounding does not swallow the steps
    Variation("tiny gradients", {"steps": 10, **SMALL}, TINY),
    Variation(
        "huge gradients", {"steps": 20, **SMALL}, _gradients(lambda axes: Spread(axes, 1e-2, 1e12))
    ),
    Variation("a second optimizer beside it", {"steps": 5}, calls="between"),
)


def _sums(g: np.ndarray, decay: float) -> np.ndarray:
    """At step t the sum over s <= t of decay**(t - s) g[s]: what a running mean comes to."""
    lag = np.subtract.outer(np.arange(len(g)), np.arange(len(g)))
    return np.tensordot(np.where(lag >= 0, decay ** np.maximum(lag, 0), 0.0), g, 1)


def _plain(g: np.ndarray, p: np.ndarray, lr: float = 1e-3) -> np.ndarray:
    return -lr * _sums(g, 1.0)


def _momentum(g: np.ndarray, p: np.ndarray, lr: float = 1e-3, momentum: float = 0.9) -> np.ndarray:
    return _plain(_sums(g, momentum), p, lr)


def _nesterov(g: np.ndarray, p: np.ndarray, lr: float = 1e-3, momentum: float = 0.9) -> np.ndarray:
    return _plain(g + momentum * _sums(g, momentum), p, lr)


def _rmsprop(
    g: np.ndarray, p: np.ndarray, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8
) -> np.ndarray:
    return _plain(g / (np.sqrt((1 - alpha) * _sums(g**2, alpha)) + eps), p, lr)


def _adam(g: np.ndarray, p: np.ndarray, **options) -> np.ndarray:
    return _adamw(g, p, **options, weight_decay=0.0)


def _adamw(
    g: np.ndarray, p: np.ndarray, lr: float = 1e-3, weight_decay: float = 1e-2, **options
) -> np.ndarray:
    betas, eps = options.get("betas", (0.9, 0.999)), options.get("eps", 1e-8)
    t = np.arange(1, len(g) + 1).reshape(-1, *[1] * p.ndim)
    mean, square = (
        (1 - beta) * _sums(g**power, beta) / (1 - beta**t) for power, beta in enumerate(betas, 1)
    )
    kept = 1 - lr * weight_decay
    return (kept**t - 1) * p - lr * _sums(mean / (np.sqrt(square) + eps), kept)


def _witness(moves):
    """The same steps without recursion, every memory written out as a sum over the past."""

    def witness(case: Case) -> tuple:
        rows = [
            moves(case.inputs[f"d{name}"], p, **case.options).reshape(len(case.inputs["db"]), -1)
            for name, p in case.params.items()
        ]
        steps = np.concatenate(rows, axis=1)
        return steps[0], steps

    return witness


WITNESSES = {
    "SGD": _witness(_plain),
    "Momentum": _witness(_momentum),
    "Nesterov": _witness(_nesterov),
    "RMSProp": _witness(_rmsprop),
    "Adam": _witness(_adam),
    "AdamW": _witness(_adamw),
}


def _exercise(name: str, first: int, later: int, others: Mapping) -> Exercise:
    return Exercise(
        name=name,
        kind="optimizer",
        points={"first_step": first, "all_steps": later},
        params={"W": Uniform("inputs units"), "b": Uniform("units")},
        inputs=_gradients(Uniform),
        variations=(
            *VARIATIONS,
            Variation("other settings", {"steps": 10}, options=others),
        ),
    )


EXERCISES = (
    _exercise("SGD", 2, 2, {"lr": 0.3}),
    _exercise("Momentum", 2, 6, {"lr": 0.1, "momentum": 0.7}),
    _exercise("Nesterov", 4, 6, {"lr": 0.1, "momentum": 0.7}),
    _exercise("RMSProp", 4, 8, {"lr": 0.05, "alpha": 0.8, "eps": 1e-2}),
    _exercise("Adam", 5, 9, {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-2}),
    _exercise("AdamW", 5, 7, {"lr": 0.05, "betas": [0.8, 0.95], "eps": 1e-2, "weight_decay": 0.3}),
)
