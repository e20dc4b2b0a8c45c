# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # An optimizer of one's own
#
# An optimizer decides what to do about the gradients. `__init__` is written and you write `step`:
# replace the line `raise NotImplementedError` by your own code.
#
# - `params` is a dict of arrays. `step(grads)` changes these arrays **in place**: `p -= ...` does.
# - `grads` is a dict with the same names and belongs to the caller: do not write into it.
# - What an optimizer remembers it keeps on `self`, one array per parameter, begun with zeros.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: only the sign counts
#
# $p \leftarrow p - \eta\,\mathrm{sign}(g)$ needs no memory:


# %%
class SignDescent:
    """p <- p - lr sign(g); params is a dict of arrays."""

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.params[name] -= self.lr * np.sign(grads[name])


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the class
# and nothing else, then a cell `check(<its name>)`. The body of `step` is the solution; it is taken
# out, its comments too. The docstring stays.

# %% [markdown]
# ## A running mean of gradients
#
# $$m \leftarrow \beta\,m + (1 - \beta)\,g \qquad p \leftarrow p - \eta\,m$$


# %%
class Averaged:
    """m <- beta m + (1 - beta) g, p <- p - lr m; params is a dict of arrays."""

    def __init__(self, params: dict, lr: float = 0.1, beta: float = 0.9) -> None:
        self.params, self.lr, self.beta = params, lr, beta
        self.m = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name, g in grads.items():
            self.m[name] = self.beta * self.m[name] + (1 - self.beta) * g
            self.params[name] -= self.lr * self.m[name]


# %% tags=["active-ipynb"]
# check(Averaged)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import Case, Exercise, Sparse, Uniform, Variation


def _witness(case: Case) -> tuple:
    """The same steps, the memory written out as a sum over the past.

    Nobody is graded before reference and witness agree, so that a mistake in one of them is found.
    It takes the whole case and returns the first step and all steps, each a row of all parameters.
    """
    lr, beta = case.options.get("lr", 0.1), case.options.get("beta", 0.9)
    rows = []
    for name in case.params:
        g = case.inputs[f"d{name}"]
        means = [
            (1 - beta) * sum(beta ** (now - then) * g[then] for then in range(now + 1))
            for now in range(len(g))
        ]
        rows.append(-lr * np.cumsum(means, axis=0).reshape(len(g), -1))
    steps = np.concatenate(rows, axis=1)
    return steps[0], steps


WITNESSES = {"Averaged": _witness}

EXERCISES = (
    Exercise(
        name="Averaged",  # the class
        kind="optimizer",
        points={"first_step": 2, "all_steps": 4},  # these two names; how far the parameters moved
        params={"W": Uniform("inputs units"), "b": Uniform("units")},
        # gradients for all steps: d and the name of each parameter, with an axis steps in front
        inputs={"dW": Uniform("steps inputs units"), "db": Uniform("steps units")},
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=(
            Variation("six steps", {"steps": 6}),
            Variation("other settings", {"steps": 6}, options={"lr": 0.3, "beta": 0.6}),
            Variation(
                "sparse gradients",
                {"steps": 20},
                {"dW": Sparse("steps inputs units"), "db": Sparse("steps units")},
            ),
            Variation("a second optimizer beside it", {"steps": 5}, calls="between"),
        ),
    ),
)
