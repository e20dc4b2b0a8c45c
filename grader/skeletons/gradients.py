# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # The gradients of a model
#
# A small model is a function of its input and a dict of parameters. To train it, one function gives
# the gradients of all parameters at once, as a dict with the same names. Replace the line
# `raise NotImplementedError` by your own code.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## A worked example: a straight line
#
# For $y = w x$ and $L = \frac{1}{2N}\sum_n (y_n - t_n)^2$ the parameter collects from all points:
#
# $$\frac{\partial L}{\partial w} = \frac1N \sum_n (y_n - t_n)\,x_n$$


# %%
def line_gradients(x: np.ndarray, t: np.ndarray, params: dict) -> tuple:
    """Return (grads, loss): a dict with the gradient of w, and the loss as a float."""
    error = params["w"] * x - t
    return {"w": np.mean(error * x)}, float(np.mean(error**2) / 2)


# %% [markdown] tags=["grader"]
# **For the author.** What the exercise names as its objective, here `loss_at`, is given to
# students; finite differences of it say what the gradients must be.

# %% [markdown]
# ## A curve
#
# $$y = v\tanh(u\,x + b)\qquad L = \frac{1}{2N}\sum_n (y_n - t_n)^2$$
#
# The loss is given. What does each parameter reach, and by which way?


# %%
def loss_at(x: np.ndarray, t: np.ndarray, params: dict) -> float:
    """The loss of the curve with the parameters u, b and v, all numbers; x and t are (points,)."""
    y = params["v"] * np.tanh(params["u"] * x + params["b"])
    return float(np.mean((y - t) ** 2) / 2)


# %% [markdown] tags=["grader"]
# **For the author.** The exercise: a cell that holds the function and nothing else, then a cell
# `check(<its name>)`. The whole body is the solution; it is taken out. The docstring stays.


# %%
def curve_gradients(x: np.ndarray, t: np.ndarray, params: dict) -> tuple:
    """Return (grads, loss): a dict with the gradients of u, b and v, and the loss as a float."""
    h = np.tanh(params["u"] * x + params["b"])
    error = params["v"] * h - t
    back = error * params["v"] * (1 - h**2)
    grads = {"u": np.mean(back * x), "b": np.mean(back), "v": np.mean(error * h)}
    return grads, float(np.mean(error**2) / 2)


# %% tags=["active-ipynb"]
# check(curve_gradients)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import OTHER_SIZES, Exercise, Uniform, Variation

EXERCISES = (
    Exercise(
        name="curve_gradients",  # the function
        kind="gradients",
        points={"du": 3, "db": 2, "dv": 1},  # d and the name of each parameter
        inputs={"x": Uniform("batch"), "t": Uniform("batch")},
        params={"u": Uniform(""), "b": Uniform(""), "v": Uniform("")},  # the dict, by name
        options={"objective": "loss_at"},  # the given function of the same arguments
        # what hides mistakes in your exercise? Each Variation is one more case
        variations=(
            Variation("random values"),
            Variation("other sizes", OTHER_SIZES),
            Variation("one point", {"batch": 1}),
            Variation("targets far away", draws={"t": Uniform("batch", 5.0, 9.0)}),
        ),
    ),
)
