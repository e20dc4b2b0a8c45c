# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # A loss of one's own
#
# A loss turns scores and targets into one number, and its `backward` starts the chain: how does
# that number depend on every score? `forward` is written and you write `backward`: replace the line
# `raise NotImplementedError` by your own code.
#
# - $L$ is the **mean over all entries**. `backward()` takes nothing and **returns** the gradient
#   with respect to the scores.
# - `scores` and `targets` belong to the caller: do not write into them.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: the mean of the scores
#
# $L = \frac1n \sum_i s_i$ over all $n$ entries ignores the targets and would teach nothing, but it
# has a gradient: every score has the slope $1/n$.


# %%
class MeanScore:
    """L = the mean of all scores, of any shape."""

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.scores = scores
        return float(np.mean(scores))

    def backward(self) -> np.ndarray:
        """Return dscores, of the shape of scores."""
        return np.full(self.scores.shape, 1 / self.scores.size)


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the class
# and nothing else, then a cell `check(<its name>)`. The body of `backward` is the solution; it is
# taken out, its comments too. The docstring stays.

# %% [markdown]
# ## Huber loss
#
# With the error $e = s - t$ of every entry:
#
# $$L = \frac1n \sum \begin{cases}\tfrac12 e^2 & |e| \le 1\\ |e| - \tfrac12 & |e| > 1\end{cases}$$
#
# A parabola for small errors and a straight line for large ones, so that a single bad target does
# not pull too hard. What is the slope of each piece?


# %%
class HuberLoss:
    """L = mean over all entries of e**2 / 2 where |e| <= 1, and |e| - 1/2 elsewhere.

    Shapes: scores, targets (batch, units).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.error = scores - targets
        size = np.abs(self.error)
        return float(np.mean(np.where(size <= 1.0, 0.5 * size**2, size - 0.5)))

    def backward(self) -> np.ndarray:
        """Return dscores (batch, units)."""
        return np.clip(self.error, -1.0, 1.0) / self.error.size


# %% tags=["active-ipynb"]
# check(HuberLoss)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import STANDARD, Exercise, Uniform, Variation

EXERCISES = (
    Exercise(
        name="HuberLoss",  # the class
        kind="loss",
        points={"dscores": 6},  # what backward returns: d and the name of the first input
        # arguments of forward; for classes take Integers("batch", "classes") as targets
        inputs={"scores": Uniform("batch units"), "targets": Uniform("batch units")},
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=(
            *STANDARD,
            Variation("large errors", draws={"scores": Uniform("batch units", -300.0, 300.0)}),
            Variation(
                "small errors",
                draws={
                    "scores": Uniform("batch units", -0.4, 0.4),
                    "targets": Uniform("batch units", -0.4, 0.4),
                },
            ),
        ),
    ),
)
