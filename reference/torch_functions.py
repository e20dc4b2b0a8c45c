# %% [markdown]
# # Writing torch.autograd.Function
#
# PyTorch differentiates whatever you build out of its own operations, because somebody wrote a
# backward for each of them. For an operation of your own you write it: a formula that is faster or
# more exact than what autograd makes of the pieces, a loss from a paper, a call of another library.
# The place for it is a subclass of `torch.autograd.Function`.
#
# It is the layer that you know, in other clothes:
#
# | layer in NumPy | `torch.autograd.Function` |
# |---|---|
# | `layer = Affine(W, b)`, `y = layer.forward(x)` | `y = LinearFunction.apply(x, W, b)` |
# | `self`, which lives as long as the layer | `ctx`, a new one for **each call** of `apply` |
# | `self.x = x` | `ctx.save_for_backward(x)`, for tensors |
# | `self.slope = 0.1` | `ctx.slope = 0.1`, for all that is no tensor |
# | `backward` sets `self.dW`, `self.db` and returns `dx` | `backward` **returns** `dx, dW, db` |
# | somebody calls the layers backwards, one by one | autograd does, in `loss.backward()` |
#
# `forward` and `backward` are static methods: there is no `self`. In this notebook `forward` is
# written and you write every `backward`: replace each line `raise NotImplementedError` by your own
# code. Write the *formula*. To let autograd do the work once more inside of `backward`, by
# `torch.autograd.grad`, `torch.func.vjp` and the like, is no answer here; it is recognised and
# earns nothing.
#
# You need PyTorch for this notebook; the version for the processor is enough:
# `pip install 'autograd-grader[torch]'`.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `x` | input, one row per example | `(batch, inputs)` or `(batch, units)` |
# | `W`, `b` | weights and bias | `(inputs, units)`, `(units,)` |
# | `upstream` | gradient of the loss for the output, handed in by autograd | that of the output |
# | `dx`, `dW`, ... | gradients for the inputs, **returned** in their order | that of `x`, `W` |
#
# - **One value for every argument of `forward`**, `ctx` left aside, in the same order. An argument
#   that has no gradient (class numbers, a mode, an `eps`) gets `None`.
# - **Each gradient has the shape of its argument.** Torch would add up a leading axis too many
#   without a word; here it counts as a wrong shape.
# - **Only what is needed.** `ctx.needs_input_grad` holds one boolean per argument. Where it is
#   `False`, return `None` and do not compute. `check` asks for that in `LinearFunction` and in
#   `LayerNormFunction`, with points of its own: the array `returned` has a 1 for each gradient that
#   came back and a 0 for each `None`, in the order of the inputs.
# - **Any tensor may come.** Batches of one; tensors that are transposed or expanded and so do not
#   lie in memory row by row: `upstream` of `y.sum()` is a single number that pretends to be a
#   matrix. `reshape` can deal with that, `view` cannot.
# - `upstream` and the saved tensors belong to others: compute new ones. Nothing is to be written
#   into them, by `+=`, `mul_` or a mask.
# - `backward` may be called twice for one `forward`.
# - Everything is `float64`, because `gradcheck` needs it. A gradient in `float32` counts as right
#   up to a relative error of 1e-4, one in `float64` up to 1e-6.

# %%
import torch
from torch.autograd.function import once_differentiable

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
# from torch.autograd import gradcheck, gradgradcheck
#
# from grader import check

# %% [markdown]
# ## A worked example: a product
#
# $$y = a\,b \qquad \text{entry by entry}$$
#
# Both factors want a gradient, and each needs the other factor:
#
# $$\frac{\partial L}{\partial a} = \mathrm{upstream}\cdot b \qquad
#   \frac{\partial L}{\partial b} = \mathrm{upstream}\cdot a$$
#
# So both are saved, and each gradient is computed only if somebody wants it.


# %%
class ProductFunction(torch.autograd.Function):
    """y = a * b, entry by entry. Shapes: a, b, y, upstream all the same."""

    @staticmethod
    def forward(ctx, a, b):
        ctx.save_for_backward(a, b)
        return a * b

    @staticmethod
    def backward(ctx, upstream):
        """Return da, db, each None where it is not needed."""
        a, b = ctx.saved_tensors
        da = db = None
        if ctx.needs_input_grad[0]:
            da = upstream * b
        if ctx.needs_input_grad[1]:
            db = upstream * a
        return da, db


# %% [markdown]
# It is called by `apply`, and from there on it is an operation like any other:

# %% tags=["active-ipynb"]
# a0 = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64, requires_grad=True)
# b0 = torch.tensor([0.5, -1.0, 0.2], dtype=torch.float64, requires_grad=True)
# loss = torch.tanh(ProductFunction.apply(a0, b0)).sum()
# loss.backward()
# print("dL/da:", a0.grad)
# print("dL/db:", b0.grad)

# %% [markdown]
# Torch brings its own judge. `gradcheck` compares `backward` with finite differences of `forward`,
# and `gradgradcheck` does the same with the derivative of `backward`. Why does that one pass?
# Nobody wrote a second derivative. But `backward` itself is made of torch operations on `upstream`,
# `a` and `b`, and so autograd can differentiate it like everything else.

# %% tags=["active-ipynb"]
# print("first derivatives: ", gradcheck(ProductFunction.apply, (a0, b0)))
# print("second derivatives:", gradgradcheck(ProductFunction.apply, (a0, b0)))

# %% [markdown]
# That works as long as the thread is not cut. It is cut by `.detach()`, `.data` and `.numpy()`, and
# by what `forward` computed and put away by itself: autograd does not look into `forward`, so it
# knows inputs and outputs and nothing in between. Two of the exercises below ask for second
# derivatives. Two others save something in between, and say so with `@once_differentiable`: a
# second `backward` through them is then an error, which is better than a wrong number.

# %% [markdown]
# ## LinearFunction
#
# $$y = x\,W + b$$
#
# You know all three gradients from the affine layer. New is only the form: three inputs, three
# values in their order, each computed only if `ctx.needs_input_grad` says so. In a network whose
# first layers are frozen, that saves most of the work.
#
# `check` also looks at second derivatives. It multiplies your three gradients by numbers $v$ of its
# own, adds everything up to
#
# $$s = \sum v_x\cdot dx + \sum v_W\cdot dW + \sum v_b\cdot db$$
#
# and lets autograd differentiate $s$: `ddx` is $\partial s/\partial x$, `ddW` is
# $\partial s/\partial W$ and `ddupstream` is $\partial s/\partial\,\mathrm{upstream}$. You need not
# write anything for it, if your gradients are made of `x`, `W` and `upstream` by torch operations.
# Where the thread is cut, zeros come out.


# %%
class LinearFunction(torch.autograd.Function):
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y and upstream (batch, units).
    """

    @staticmethod
    def forward(ctx, x, W, b):
        ctx.save_for_backward(x, W)
        return x @ W + b

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, inputs), dW (inputs, units), db (units,), None where not needed.

        upstream has the shape (batch, units). Can be differentiated again.
        """
        x, W = ctx.saved_tensors
        dx = dW = db = None
        if ctx.needs_input_grad[0]:
            dx = upstream @ W.T
        if ctx.needs_input_grad[1]:
            dW = x.T @ upstream
        if ctx.needs_input_grad[2]:
            db = upstream.sum(dim=0)
        return dx, dW, db


# %% tags=["active-ipynb"]
# check(LinearFunction)

# %% [markdown]
# ## ReLUFunction
#
# $$y = \max(x, 0)$$
#
# One input, so one value comes back, and there is no need to ask whether it is needed: if it were
# not, `backward` would not be called. The input is saved; the output would have done as well, and
# costs nothing, because the next layer keeps it anyway.
#
# Torch calls the derivative at exactly 0 zero, and so may you.


# %%
class ReLUFunction(torch.autograd.Function):
    """y = max(x, 0), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        (x,) = ctx.saved_tensors
        return upstream * (x > 0)


# %% tags=["active-ipynb"]
# check(ReLUFunction)

# %% [markdown]
# ## SigmoidFunction
#
# $$y = \frac{1}{1 + e^{-x}}$$
#
# Here `forward` saves its **output**, because the slope can be told from it alone. Autograd knows
# that $y$ came out of this very function: to differentiate `backward`, it calls `backward` once
# more. So second derivatives are for free again, and `check` asks for them (`ddx`, `ddupstream`).
#
# Huge inputs come too, up to $\pm 2000$. If you compute $e^{-x}$ anew, it overflows.


# %%
class SigmoidFunction(torch.autograd.Function):
    """y = 1 / (1 + exp(-x)), entry by entry. Shapes: x, y and upstream (batch, units)."""

    @staticmethod
    def forward(ctx, x):
        y = torch.sigmoid(x)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, upstream):
        """Return dx (batch, units), given upstream (batch, units). Can be differentiated again."""
        (y,) = ctx.saved_tensors
        return upstream * y * (1 - y)


# %% tags=["active-ipynb"]
# check(SigmoidFunction)

# %% [markdown]
# Both derivatives, drawn by your own `backward`: `create_graph=True` tells autograd to keep track
# of what `backward` does.

# %% tags=["active-ipynb"]
# x0 = torch.linspace(-6, 6, 200, dtype=torch.float64, requires_grad=True)
# y0 = SigmoidFunction.apply(x0)
# (slope,) = torch.autograd.grad(y0.sum(), x0, create_graph=True)
# (bend,) = torch.autograd.grad(slope.sum(), x0)
# figure, ax = plt.subplots(figsize=(5.4, 2.8), layout="constrained")
# for values, label in ((y0, "sigmoid"), (slope, "first derivative"), (bend, "second derivative")):
#     ax.plot(x0.detach(), values.detach(), label=label)
# ax.set(xlabel="$x$")
# ax.grid(alpha=0.3)
# ax.legend()
# plt.show()

# %% [markdown]
# ## SoftmaxCrossEntropyFunction
#
# The loss of a classifier, with log, softmax and the choice of the right class in one function. For
# scores $z$, class numbers $t$ and probabilities $p_n = \mathrm{softmax}(z_n)$,
#
# $$\ell_n = -\log p_{n\,t_n} \qquad
#   L = \frac1N\sum_n \ell_n \;\text{ or }\; L = \sum_n \ell_n$$
#
# as the argument `reduction` says, `"mean"` or `"sum"`. This is why one writes a Function: what
# autograd would multiply out of $\log$ and $\exp$ shrinks to a difference,
#
# $$\frac{\partial \ell_n}{\partial z_{nc}} = p_{nc} - [c = t_n]$$
#
# - `upstream` is the gradient of a single number: a tensor without axes. It is 1 only if nothing
#   comes after the loss.
# - `forward` has three arguments, so `backward` returns three values.
# - Scores may be as large as 10000. Then probabilities are 0, and nothing can be divided by them.
# - $p$ is neither input nor output. `@once_differentiable` is there already.


# %%
class SoftmaxCrossEntropyFunction(torch.autograd.Function):
    """Minus the logarithm of the probability of the right class: mean or sum over the batch.

    Shapes: scores (batch, classes), targets (batch,) of integers; the loss and upstream ().
    reduction is "mean" or "sum".
    """

    @staticmethod
    def forward(ctx, scores, targets, reduction):
        log_p = torch.log_softmax(scores, dim=1)
        losses = -log_p[torch.arange(len(targets)), targets]
        ctx.save_for_backward(log_p.exp(), targets)
        ctx.reduction = reduction
        return losses.mean() if reduction == "mean" else losses.sum()

    @staticmethod
    @once_differentiable
    def backward(ctx, upstream):
        """Return dscores (batch, classes), and None for targets and for reduction.

        upstream has the shape ().
        """
        p, targets = ctx.saved_tensors
        dscores = p.clone()
        dscores[torch.arange(len(targets)), targets] -= 1
        if ctx.reduction == "mean":
            dscores = dscores / len(targets)
        return upstream * dscores, None, None


# %% tags=["active-ipynb"]
# check(SoftmaxCrossEntropyFunction)

# %% [markdown]
# ## LayerNormFunction
#
# Each row of $x$, of $D$ numbers, is brought to mean 0 and variance 1, then stretched and shifted:
#
# $$\mu_n = \frac1D\sum_i x_{ni} \qquad v_n = \frac1D\sum_i (x_{ni}-\mu_n)^2 \qquad
#   r_n = \frac{1}{\sqrt{v_n + \varepsilon}}$$
#
# $$\hat x_{ni} = (x_{ni} - \mu_n)\,r_n \qquad y_{ni} = \gamma_i\,\hat x_{ni} + \beta_i$$
#
# `forward` saves $\hat x$, $r$ and $\gamma$. $\gamma$ and $\beta$ act on a column and collect from
# all rows. $x_{ni}$ reaches its whole row, in three ways: straight on, by the mean and by the
# variance. With $\delta_{ni} = \mathrm{upstream}_{ni}\,\gamma_i$ they add up to
#
# $$\frac{\partial L}{\partial x_{ni}} = r_n\Bigl(\delta_{ni} - \frac1D\sum_j\delta_{nj}
#   - \hat x_{ni}\,\frac1D\sum_j\delta_{nj}\,\hat x_{nj}\Bigr)$$
#
# Which of the three ways does each term belong to? Derive it once on paper. `keepdim=True` keeps
# the axis that a mean or sum would remove.


# %%
class LayerNormFunction(torch.autograd.Function):
    """y = gamma * (x - mean) / sqrt(variance + eps) + beta, both taken along each row.

    Shapes: x, y and upstream (batch, units), gamma and beta (units,); eps is a number.
    """

    @staticmethod
    def forward(ctx, x, gamma, beta, eps):
        centred = x - x.mean(dim=1, keepdim=True)
        r = 1 / torch.sqrt((centred**2).mean(dim=1, keepdim=True) + eps)  # (batch, 1)
        normal = centred * r
        ctx.save_for_backward(normal, r, gamma)
        return gamma * normal + beta

    @staticmethod
    @once_differentiable
    def backward(ctx, upstream):
        """Return dx (batch, units), dgamma (units,), dbeta (units,), and None for eps.

        None also for what is not needed. upstream has the shape (batch, units).
        """
        normal, r, gamma = ctx.saved_tensors
        dx = dgamma = dbeta = None
        if ctx.needs_input_grad[0]:
            delta = upstream * gamma
            by_mean = delta.mean(dim=1, keepdim=True)
            by_variance = normal * (delta * normal).mean(dim=1, keepdim=True)
            dx = r * (delta - by_mean - by_variance)
        if ctx.needs_input_grad[1]:
            dgamma = (upstream * normal).sum(dim=0)
        if ctx.needs_input_grad[2]:
            dbeta = upstream.sum(dim=0)
        return dx, dgamma, dbeta, None


# %% tags=["active-ipynb"]
# check(LayerNormFunction)

# %% [markdown]
# ## All together
#
# A network made of your functions alone, and the same network made of torch's. Three arms of a
# spiral are to be told apart; both networks start from the same weights, and `loss.backward()`
# finds its way through your five `backward`s. The second curve lies on the first one.

# %% tags=["active-ipynb"]
# def mine(x, targets, W1, b1, gamma, beta, W2, b2):
#     hidden = LayerNormFunction.apply(LinearFunction.apply(x, W1, b1), gamma, beta, 1e-5)
#     scores = LinearFunction.apply(SigmoidFunction.apply(ReLUFunction.apply(hidden)), W2, b2)
#     return SoftmaxCrossEntropyFunction.apply(scores, targets, "mean")
#
#
# def theirs(x, targets, W1, b1, gamma, beta, W2, b2):
#     hidden = torch.nn.functional.layer_norm(x @ W1 + b1, gamma.shape, gamma, beta, 1e-5)
#     scores = torch.sigmoid(torch.relu(hidden)) @ W2 + b2
#     return torch.nn.functional.cross_entropy(scores, targets)
#
#
# def spiral(count):
#     along, arm = torch.linspace(0.2, 1, count), torch.arange(count) % 3
#     angle = 4 * along + 2 * torch.pi / 3 * arm + 0.1 * torch.randn(count)
#     return torch.stack([along * angle.cos(), along * angle.sin()], dim=1).double(), arm
#
#
# def train(network, x, targets):
#     torch.manual_seed(1)
#     shapes = ((2, 32), (32,), (32,), (32,), (32, 3), (3,))
#     params = [torch.randn(shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
#     optimizer, losses = torch.optim.Adam(params, lr=0.02), []
#     for _ in range(300):
#         optimizer.zero_grad()
#         loss = network(x, targets, *params)
#         loss.backward()
#         optimizer.step()
#         losses.append(loss.item())
#     return losses
#
#
# torch.manual_seed(0)
# x0, targets0 = spiral(300)
# figure, axes = plt.subplots(1, 2, figsize=(7, 2.8), layout="constrained")
# axes[0].scatter(*x0.T, c=targets0, s=6, cmap="viridis")
# axes[0].set(title="three classes", aspect="equal")
# axes[1].plot(train(theirs, x0, targets0), linewidth=5, alpha=0.4, label="torch's functions")
# axes[1].plot(train(mine, x0, targets0), linewidth=1.2, label="your functions")
# axes[1].set(xlabel="step", ylabel="loss")
# axes[1].legend()
# plt.show()

# %% [markdown]
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.exercise import OTHER_SIZES, Exercise, Integers, Spread, Uniform, Variation


def _variations(*first: str) -> tuple[Variation, ...]:
    """Every layout in memory, every order of calls; asked for the gradients of these inputs."""
    asked = {"answers": first}
    return (
        Variation("random values", options=asked),
        Variation("other sizes", OTHER_SIZES, options=asked),
        Variation("batch of one", {"batch": 1}, options=asked),
        Variation("transposed in memory", options={**asked, "layout": "columns"}),
        Variation("backward called twice", options=asked, calls="twice"),
        Variation("called again in between", OTHER_SIZES, options=asked, calls="between"),
    )


def _summed(*first: str) -> Variation:
    """What comes back from y.sum(): one number, expanded."""
    return Variation(
        "upstream of a sum", draws={"upstream": Uniform("")}, options={"answers": first}
    )


def _drawn(name: str, first: tuple[str, ...], **draws: Uniform | Spread) -> Variation:
    return Variation(name, draws=draws, options={"answers": first})


def _needing(*names: str) -> Variation:
    answers = (*(f"d{name}" for name in names), "returned")
    words = " and ".join(names)
    return Variation(
        f"gradient of {words} alone", options={"answers": answers, "needs_input_grad": names}
    )


def _twice(*second: str) -> tuple[Variation, ...]:
    asked = {"answers": second}
    return (
        Variation("differentiated twice", options=asked, calls="second"),
        Variation("differentiated twice, other sizes", OTHER_SIZES, options=asked, calls="second"),
    )


def _reduced_by_sum(name: str, sizes: dict[str, int]) -> Variation:
    asked = {"answers": ("dscores",), "forward": {"reduction": "sum"}}
    return Variation(name, sizes, options=asked)


SUMS = {"sum over the batch": {}, "sum over the batch, other sizes": OTHER_SIZES}
LINEAR, NORM = ("dx", "dW", "db"), ("dx", "dgamma", "dbeta")

EXERCISES = (
    Exercise(
        name="LinearFunction",
        kind="torch_function",
        points={"dx": 3, "dW": 3, "db": 2, "returned": 2, "ddx": 1, "ddW": 1, "ddupstream": 1},
        inputs={
            "x": Uniform("batch inputs"),
            "W": Uniform("inputs units"),
            "b": Uniform("units"),
        },
        output=Uniform("batch units"),
        variations=(
            *_variations(*LINEAR),
            _summed(*LINEAR),
            _needing("x"),
            _needing("W"),
            _needing("b"),
            _needing("x", "b"),
            *_twice("ddx", "ddW", "ddupstream"),
        ),
    ),
    Exercise(
        name="ReLUFunction",
        kind="torch_function",
        points={"dx": 5},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(*_variations("dx"), _summed("dx")),
    ),
    Exercise(
        name="SigmoidFunction",
        kind="torch_function",
        points={"dx": 4, "ddx": 2, "ddupstream": 1},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=(
            *_variations("dx"),
            _summed("dx"),
            _drawn("values up to 2000", ("dx",), x=Spread("batch units", 1.0, 2000.0)),
            *_twice("ddx", "ddupstream"),
        ),
    ),
    Exercise(
        name="SoftmaxCrossEntropyFunction",
        kind="torch_function",
        points={"dscores": 10},
        inputs={
            "scores": Uniform("batch classes"),
            "targets": Integers("batch", "classes"),
        },
        output=Uniform(""),
        options={"forward": {"reduction": "mean"}},
        variations=(
            *_variations("dscores"),
            _drawn("scores up to 10000", ("dscores",), scores=Spread("batch classes", 1.0, 1e4)),
            *(_reduced_by_sum(name, sizes) for name, sizes in SUMS.items()),
        ),
    ),
    Exercise(
        name="LayerNormFunction",
        kind="torch_function",
        points={"dx": 8, "dgamma": 3, "dbeta": 2, "returned": 2},
        inputs={
            "x": Uniform("batch units"),
            "gamma": Uniform("units"),
            "beta": Uniform("units"),
        },
        output=Uniform("batch units"),
        options={"forward": {"eps": 1e-5}},
        variations=(
            *_variations(*NORM),
            _summed(*NORM),
            _drawn("rows far from zero", NORM, x=Uniform("batch units", 98.0, 102.0)),
            _drawn("rows of small variance", NORM, x=Uniform("batch units", -0.005, 0.005)),
            Variation("another eps", options={"answers": NORM, "forward": {"eps": 0.5}}),
            _needing("x"),
            _needing("gamma"),
            _needing("beta"),
            _needing("x", "gamma"),
        ),
    ),
)
