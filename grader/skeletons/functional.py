# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # Functions that take functions
#
# A function can be handed to another one, which calls it where it likes: `f(x)` knows nothing of
# derivatives, and yet its values tell them. Replace the line `raise NotImplementedError` by your
# own code. `f` works entry by entry on arrays of any shape; leave `x` as it is.

# %%
from collections.abc import Callable

import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: the slope between two places
#
# $$\frac{f(x + h) - f(x)}{h}$$


# %%
def slope(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float) -> np.ndarray:
    """Return the slope of f between x and x + h, of the shape of x."""
    return (f(x + h) - f(x)) / h


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the
# function and nothing else, then a cell `check(<its name>)`. The whole body is the solution; it is
# taken out, its comments too. The first argument is a function, the others are the exercise's
# inputs.

# %% [markdown]
# ## The second difference
#
# How fast does the slope itself change? Take the slope to the right minus the slope to the left,
# and divide by the step once more:
#
# $$\frac{f(x + h) - 2 f(x) + f(x - h)}{h^2}$$


# %%
def second_difference(f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float) -> np.ndarray:
    """Return the second difference of f at x with the step h, of the shape of x."""
    return (f(x + h) - 2 * f(x) + f(x - h)) / h**2


# %% tags=["active-ipynb"]
# check(second_difference)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import Case, Exercise, Uniform, Variation

# A function travels to the student's process as plain data: what x**0, x**1, ... are multiplied by,
# and pairs (amplitude, frequency) of sines. With "coupling" it is a number: all entries, summed.
SMOOTH = {"powers": [0.3, -1.0, 0.8, 0.4], "waves": [[1.5, 1.3]]}
WAVY = {"powers": [0.0, 0.5], "waves": [[1.0, 2.0], [-0.7, 3.1]]}


def _witness(case: Case) -> np.ndarray:
    """What the function must return, found in another way: here term by term, on paper.

    Nobody is graded before reference and witness agree, so that a mistake in one of them is found.
    It takes the whole case and returns the answers in the order of points.
    """
    x, h, f = case.inputs["x"], case.inputs["h"], case.options["f"]
    bends = [
        c * ((x + h) ** k - 2 * x**k + (x - h) ** k) for k, c in enumerate(f["powers"]) if k > 1
    ]
    bends += [2 * a * np.sin(w * x) * (np.cos(w * h) - 1) for a, w in f["waves"]]
    return np.sum(bends, axis=0) / h**2


WITNESSES = {"second_difference": _witness}

EXERCISES = (
    Exercise(
        name="second_difference",  # the function
        kind="functional",
        points={"bend": 6},  # what it returns, in this order; the names are yours
        inputs={"x": Uniform("n"), "h": Uniform("", 0.2, 0.6)},  # a long step shows every mistake
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=(
            Variation("random values", {"n": 5}, options={"f": SMOOTH}),
            Variation("another function", {"n": 4}, options={"f": WAVY}),
            Variation("a matrix", {"n": 3}, {"x": Uniform("n 2")}, {"f": SMOOTH}),
            Variation("one number", draws={"x": Uniform("")}, options={"f": WAVY}),
        ),
    ),
)
