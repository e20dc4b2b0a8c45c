# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # Layers made of layers
#
# A container is a layer that holds others and calls them. Its `backward` calls theirs, in the right
# order, and adds where ways meet. `forward` is written and you write `backward`: replace the line
# `raise NotImplementedError` by your own code.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: twice in a row
#
# $y = f_2(f_1(x))$: the gradient meets $f_2$ first on its way back.


# %%
class Pair:
    """y = second(first(x)); both are layers with forward and backward."""

    def __init__(self, first, second) -> None:
        self.first, self.second = first, second

    def forward(self, x: np.ndarray) -> np.ndarray:
        return self.second.forward(self.first.forward(x))

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return self.first.backward(self.second.backward(upstream))


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the class
# and nothing else, then a cell `check(<its name>)`. The body of `backward` is the solution; it is
# taken out, its comments too. The constructor takes a list of layers. The grader fills it with
# layers of its own, which keep the shape and each do something else.

# %% [markdown]
# ## A residual block
#
# $$y = x + f_k(\dots f_2(f_1(x)))$$
#
# The input goes out twice: through the layers, and past them. What comes back along both ways?


# %%
class Residual:
    """y = x + the layers, one after the other. Shapes: x, y, upstream (batch, units)."""

    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        y = x
        for layer in self.layers:
            y = layer.forward(y)
        return x + y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        back = upstream
        for layer in reversed(self.layers):
            back = layer.backward(back)
        return upstream + back


# %% tags=["active-ipynb"]
# check(Residual)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import OTHER_SIZES, STANDARD, Exercise, Uniform, Variation

EXERCISES = (
    Exercise(
        name="Residual",  # the class
        kind="chain",
        points={"dx": 6},
        # one entry per layer that the grader puts in; these arrays make the layers differ
        params={name: Uniform("units", 0.5, 2.0) for name in ("first", "second", "third")},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=(
            *STANDARD,
            Variation("one layer", options={"links": 1}),
            Variation("five layers", OTHER_SIZES, options={"links": 5}),
        ),
    ),
)
