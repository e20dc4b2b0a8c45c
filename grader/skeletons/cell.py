# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # A cell with two outputs
#
# Where a layer has two outputs, the loss depends on its inputs by way of both: what comes back
# along the two ways is added. `forward` is written and you write `backward`: replace the line
# `raise NotImplementedError` by your own code.
#
# - `backward` takes one gradient per output, in the order in which `forward` returns them,
#   **returns** one per input and **sets** that of every parameter.
# - What comes in belongs to the caller: compute new arrays, do not write into these.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: a number and its square
#
# With the outputs $u = x$ and $v = x^2$ the input collects from both:
# $\partial L/\partial x = \mathrm{du} + 2x\,\mathrm{dv}$.


# %%
class Powers:
    """u = x and v = x**2. Shapes: all (batch, units)."""

    def forward(self, x: np.ndarray) -> tuple:
        self.x = x
        return x.copy(), x**2

    def backward(self, du: np.ndarray, dv: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given du and dv (batch, units)."""
        return du + 2 * self.x * dv


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the class
# and nothing else, then a cell `check(<its name>)`. The body of `backward` is the solution; it is
# taken out, its comments too. All outputs of a cell must have one shape.

# %% [markdown]
# ## A leaky memory
#
# The memory $m$ keeps the share $a_j$ of what it held and adds what is new; the output is squashed:
#
# $$m' = a\,m + x \qquad y = \tanh(m')$$
#
# `forward` returns $(y, m')$. Draw the graph: $m'$ goes out by itself, and once more inside of $y$.


# %%
class Memory:
    """m' = a m + x, y = tanh(m').

    Shapes: a (units,), all else (batch, units).
    """

    def __init__(self, a: np.ndarray) -> None:
        self.a = a

    def forward(self, x: np.ndarray, m: np.ndarray) -> tuple:
        self.m = m
        new = self.a * m + x
        self.y = np.tanh(new)
        return self.y, new

    def backward(self, dy: np.ndarray, dnew: np.ndarray) -> tuple:
        """Set da (units,) and return (dx, dm), both (batch, units)."""
        collected = dnew + dy * (1 - self.y**2)
        self.da = np.sum(collected * self.m, axis=0)
        return collected, collected * self.a


# %% tags=["active-ipynb"]
# check(Memory)

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
        name="Memory",  # the class
        kind="cell",
        points={"dx": 3, "dm": 3, "da": 2},  # inputs first, in the order of forward
        params={"a": Uniform("units")},  # arguments of the constructor
        inputs={"x": Uniform("batch units"), "m": Uniform("batch units")},
        output=Uniform("2 batch units"),  # one upstream per output, stacked: here dy and dnew
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=STANDARD,
    ),
)
