# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # A network of one's own
#
# A network keeps its parameters under names and returns their gradients under the same names.
# Everything but `backward` is written: replace the line `raise NotImplementedError` by your own
# code. `upstream` is the gradient with respect to the scores; nothing is divided by the batch.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: a network without a hidden layer
#
# Scores $xW + b$: the weights collect $x^\top\,\mathrm{upstream}$, the bias sums over the batch.


# %%
class Linear:
    """x W1 + b1, with sizes [inputs, outputs]."""

    def __init__(self, sizes: list[int], rng: np.random.Generator) -> None:
        self.W1, self.b1 = rng.normal(size=(sizes[0], sizes[1])), np.zeros(sizes[1])

    def parameters(self) -> dict:
        return {"W1": self.W1, "b1": self.b1}

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W1 + self.b1

    def backward(self, upstream: np.ndarray) -> dict:
        """Return the gradients of W1 and b1 by name."""
        return {"W1": self.x.T @ upstream, "b1": upstream.sum(axis=0)}


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose and formula, then a cell that holds the class
# and nothing else, then a cell `check(<its name>)`. The body of `backward` is the solution; it is
# taken out, its comments too. The constructor takes sizes and a generator, and `parameters()` gives
# the very arrays, W1, b1, W2 and so on, into which the grader writes its own numbers.

# %% [markdown]
# ## One hidden layer
#
# $$h = \tanh(x W_1 + b_1)\qquad \mathrm{scores} = h W_2 + b_2$$
#
# Begin at the scores and walk back: what reaches $h$, and what of it passes through $\tanh$?


# %%
class Network:
    """tanh(x W1 + b1) W2 + b2, with sizes [inputs, hidden, outputs]."""

    def __init__(self, sizes: list[int], rng: np.random.Generator) -> None:
        inputs, hidden, outputs = sizes
        self.W1, self.b1 = rng.normal(size=(inputs, hidden)), np.zeros(hidden)
        self.W2, self.b2 = rng.normal(size=(hidden, outputs)), np.zeros(outputs)

    def parameters(self) -> dict:
        return {"W1": self.W1, "b1": self.b1, "W2": self.W2, "b2": self.b2}

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        self.h = np.tanh(x @ self.W1 + self.b1)
        return self.h @ self.W2 + self.b2

    def backward(self, upstream: np.ndarray) -> dict:
        """Return the gradients of W1, b1, W2 and b2 by name, given upstream (batch, outputs)."""
        inside = (upstream @ self.W2.T) * (1 - self.h**2)
        return {
            **{"W1": self.x.T @ inside, "b1": inside.sum(axis=0)},
            **{"W2": self.h.T @ upstream, "b2": upstream.sum(axis=0)},
        }


# %% tags=["active-ipynb"]
# check(Network)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from dataclasses import replace

from grader.exercise import BETWEEN, TWICE, Exercise, Uniform, Variation

# axes with names of one's own have sizes of one's own, all different
USUAL = {"batch": 6, "inputs": 4, "hidden": 3, "outputs": 5}
OTHER = {"batch": 3, "inputs": 2, "hidden": 5, "outputs": 4}

EXERCISES = (
    Exercise(
        name="Network",  # the class
        kind="network",
        points={"dW1": 3, "db1": 2, "dW2": 2, "db2": 1},
        params={
            **{"W1": Uniform("inputs hidden"), "b1": Uniform("hidden")},
            **{"W2": Uniform("hidden outputs"), "b2": Uniform("outputs")},
        },
        inputs={"x": Uniform("batch inputs")},
        output=Uniform("batch outputs"),
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=(
            Variation("random values", USUAL),
            Variation("other sizes", OTHER),
            Variation("batch of one", {**USUAL, "batch": 1}),
            *(replace(one, sizes=USUAL) for one in (TWICE, BETWEEN)),
        ),
    ),
)
