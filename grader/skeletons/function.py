# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # A function of one's own
#
# In this notebook you write plain functions: replace the line `raise NotImplementedError` by your
# own code. What comes in belongs to the caller: compute new arrays, do not write into it.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: the slope of a parabola
#
# For $y = x^2$, entry by entry, the derivative is $2x$:


# %%
def parabola(x: np.ndarray) -> tuple:
    """Return (y, dy_dx), both of the shape of x."""
    return x**2, 2 * x


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the
# function and nothing else, then a cell `check(<its name>)`. The whole body is the solution; it is
# taken out, its comments too. The docstring stays: it says what is returned, in which order and
# shape.

# %% [markdown]
# ## The slope of a product
#
# For $y = x^2 e^{-x}$, entry by entry, return $y$ and $dy/dx$. Two factors depend on $x$: what does
# the product rule make of that?


# %%
def bump(x: np.ndarray) -> tuple:
    """Return (y, dy_dx) of y = x**2 exp(-x), both of the shape of x."""
    decay = np.exp(-x)
    return x**2 * decay, (2 * x - x**2) * decay


# %% tags=["active-ipynb"]
# check(bump)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.derivative import Estimate, gradient
from grader.exercise import Exercise, Uniform, Variation


def _witness(x: np.ndarray) -> tuple[np.ndarray, Estimate]:
    """What bump must return, found in another way: logarithms, and finite differences.

    Nobody is graded before reference and witness agree, so that a mistake in one of them is found.
    It takes the arguments of the function and returns its answers in the order of points.
    """

    def total(moved: np.ndarray) -> float:
        return float(np.sum(np.square(moved) / np.exp(moved)))

    return np.exp(2 * np.log(np.abs(x)) - x), gradient(total, x)


WITNESSES = {"bump": _witness}

EXERCISES = (
    Exercise(
        name="bump",  # the function
        kind="function",
        points={"y": 2, "dy_dx": 4},  # what it returns, in this order; the names are yours
        inputs={"x": Uniform("n")},  # its arguments; the size of an axis n is given below
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=(
            Variation("random values", {"n": 6}),
            Variation("a matrix", {"n": 3}, {"x": Uniform("n 2")}),
            Variation("one number", draws={"x": Uniform("")}),
            Variation("far from zero", {"n": 4}, {"x": Uniform("n", 3.0, 6.0)}),
        ),
    ),
)
