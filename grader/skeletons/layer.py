# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # A layer of one's own
#
# Some networks give every unit a gain of its own, and learn it. In this notebook `forward` is
# written and you write `backward`: replace the line `raise NotImplementedError` by your own code.
#
# | name | meaning | shape |
# |---|---|---|
# | `x` | input of the layer, one row per example | `(batch, units)` |
# | `y` | output of the layer | `(batch, units)` |
# | `upstream` | $\partial L/\partial y$, handed in | that of `y` |
#
# - `backward(upstream)` **returns** the gradient with respect to `x` and **sets** that of every
#   parameter, `self.db` for `b`. Nothing is divided by the size of the batch.
# - `upstream` and `x` belong to the caller: compute new arrays, do not write into these.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: add a number to every unit
#
# $$y_{nj} = x_{nj} + b_j$$
#
# Ask of each symbol which outputs it reaches. $x_{nj}$ reaches one, with slope 1. $b_j$ reaches
# unit $j$ of every example $n$, so it collects from all of them:
#
# $$\frac{\partial L}{\partial x_{nj}} = \mathrm{upstream}_{nj}\qquad
#   \frac{\partial L}{\partial b_j} = \sum_n \mathrm{upstream}_{nj}$$


# %%
class Shift:
    """y = x + b.

    Shapes: x, y, upstream (batch, units); b (units,).
    """

    def __init__(self, b: np.ndarray) -> None:
        self.b = b

    def forward(self, x: np.ndarray) -> np.ndarray:
        return x + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set db (units,) and return dx (batch, units), given upstream (batch, units)."""
        self.db = upstream.sum(axis=0)
        return upstream.copy()


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the class
# and nothing else, then a cell `check(<its name>)`. The body of `backward` is the solution; it is
# taken out, its comments too. The docstring stays: it says shapes, and what is set and returned.

# %% [markdown]
# ## Scale
#
# $$y_{nj} = x_{nj}\,\gamma_j$$
#
# Which outputs does $x_{nj}$ reach, and with which slope? Which ones does $\gamma_j$ reach?


# %%
class Scale:
    """y = x gamma, a factor for every unit.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray) -> None:
        self.gamma = gamma

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x * self.gamma

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,) and return dx (batch, units), given upstream (batch, units)."""
        # students never see this comment
        self.dgamma = np.sum(upstream * self.x, axis=0)
        return upstream * self.gamma


# %% tags=["active-ipynb"]
# check(Scale)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import STANDARD, Exercise, Uniform

EXERCISES = (
    Exercise(
        name="Scale",  # the class
        kind="layer",
        # what backward returns (d and the name of the input) and sets (d and that of the parameter)
        points={"dx": 3, "dgamma": 3},
        # arguments of the constructor; numbers of both signs, of an axis that has a size of its own
        params={"gamma": Uniform("units")},
        inputs={"x": Uniform("batch units")},  # arguments of forward
        output=Uniform("batch units"),  # upstream, of the shape of what forward returns
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=STANDARD,
    ),
)
