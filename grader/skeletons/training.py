# %% [markdown] tags=["grader"]
# **For the author.** Cells tagged "grader", as this one is, never reach students. The page works as
# it stands; make it yours from top to bottom, and run `grader build` and `grader audit` as you go.
# The first heading is the title of the assignment. `docs/authoring.md` explains every step.

# %% [markdown]
# # Does it learn?
#
# A classifier with one weight per input is trained on two moons. Loss and gradients are written and
# you write the loop: replace the line `raise NotImplementedError` by your own code.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# from grader import check

# %% [markdown]
# ## The model
#
# $y = \sigma(Xw + c)$ is the probability of label 1, and the loss is the mean cross entropy. Its
# gradients are as simple as they can be:
#
# $$\frac{\partial L}{\partial w} = \frac1N X^\top (y - t)\qquad
#   \frac{\partial L}{\partial c} = \frac1N \sum_n (y_n - t_n)$$


# %%
def gradients(X: np.ndarray, t: np.ndarray, params: dict) -> tuple:
    """Return (grads, loss): a dict with the gradients of w (inputs,) and c (), and a float."""
    z = X @ params["w"] + params["c"]
    error = (1 / (1 + np.exp(-z)) - t) / len(t)
    loss = np.mean(np.logaddexp(0, z) - t * z)
    return {"w": X.T @ error, "c": error.sum()}, float(loss)


# %% [markdown] tags=["grader"]
# **For the author.** Next comes the exercise: prose, then a cell that holds the function and
# nothing else, then a cell `check(<its name>)`. The whole body is the solution; it is taken out.
# The docstring stays: it says what is returned and when the losses are found.

# %% [markdown]
# ## Gradient descent
#
# In every step: find loss and gradients, note the loss, then move every parameter $p$ to
# $p - \eta\,\partial L/\partial p$. The parameters that come in belong to the caller.


# %%
def train(X: np.ndarray, t: np.ndarray, params: dict, lr: float, steps: int) -> tuple:
    """Return (params, losses): new arrays after so many steps, and one loss before each step."""
    params, losses = dict(params), []
    for _ in range(steps):
        grads, loss = gradients(X, t, params)
        losses.append(loss)
        params = {name: p - lr * grads[name] for name, p in params.items()}
    return params, losses


# %% tags=["active-ipynb"]
# check(train)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.derivative import gradient
from grader.exercise import Case, Exercise, Uniform, Variation
from grader.points import Moons

STEPS_WITNESSED = 10


def _witness(case: Case) -> tuple | None:
    """The same descent, with gradients by finite differences; None where that would take long.

    Nobody is graded before reference and witness agree, so that a mistake in one of them is found.
    """
    lr, steps = case.options["lr"], case.options["steps"]
    if steps > STEPS_WITNESSED:
        return None
    X, t = case.inputs["data"][:, :-1], case.inputs["data"][:, -1]

    def loss_at(params: np.ndarray) -> float:
        z = X @ params[:-1] + params[-1]
        return float(np.mean(np.log1p(np.exp(np.where(t == 1, -z, z)))))

    start = np.append(case.params["w"], case.params["c"])
    params, losses = start, []
    for _ in range(steps):
        losses.append(loss_at(params))
        params = params - lr * gradient(loss_at, params).value
    found = {"after_one_step": params - start, "after_ten_steps": params - start}
    return tuple((found | {"losses": np.array(losses)})[name] for name in case.answers)


WITNESSES = {"train": _witness}


def _steps(name: str, answer: str, lr: float, steps: int, exchanged: bool = False) -> Variation:
    """A short run on few points, whose steps are compared with the reference's."""
    options = {"lr": lr, "steps": steps, "answers": [answer, "losses"]}
    return Variation(name, {"points": 40}, {"data": Moons("points", exchanged=exchanged)}, options)


def _learn(name: str, exchanged: bool) -> Variation:
    """A whole run. Its accuracy is found on fresh points, which student code never sees.

    threshold: what students must reach
    margin: by how much more the reference must, or start and points are drawn anew
    settled: the loss of the reference after a quarter of the steps, at most
    """
    options = {
        **{"lr": 0.5, "steps": 200, "answers": ["losses", "accuracy"]},
        **{"fresh": 1000, "threshold": 0.8, "margin": 0.03, "settled": 0.5},
    }
    return Variation(name, {"points": 300}, {"data": Moons("points", exchanged=exchanged)}, options)


EXERCISES = (
    Exercise(
        name="train",  # the function
        kind="training",
        # these four names: how far the parameters moved, the curve, the share of points it gets
        points={"after_one_step": 3, "after_ten_steps": 2, "losses": 2, "accuracy": 5},
        inputs={"data": Moons("points")},  # X and t in one array; there is Circle, too
        params={"w": Uniform("2", -1.0, 1.0), "c": Uniform("", -1.0, 1.0)},  # the start
        # for the grader's own forward pass: weights and bias of each layer, and what is between
        options={"network": {"activation": "tanh", "layers": [["w", "c"]]}},
        variations=(
            _steps("one step", "after_one_step", 1.0, 1),
            _steps("one step of another length", "after_one_step", 0.3, 1, exchanged=True),
            _steps("ten steps", "after_ten_steps", 0.5, 10),
            # with the labels exchanged no parameters fit both runs: made-up ones earn nothing
            _learn("200 steps", False),
            _learn("200 steps, labels exchanged", True),
        ),
        limit_seconds=30.0,
    ),
)
