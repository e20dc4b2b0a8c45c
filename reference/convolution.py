# %% [markdown]
# # Convolution and pooling
#
# An affine layer joins every input to every unit. For a picture that is wasteful: what is an edge
# in one corner is an edge in the other. A convolution looks at the picture through a small window,
# moves the window over the picture and uses **the same few weights everywhere**.
#
# For the way back this means two sums:
#
# - a **weight** is used at every place of the window, so it collects from all of them;
# - a **pixel** is seen through several windows where they overlap, and collects from all of them.
#
# Nothing else is new. All of the work is in the indices, so write loops first: a loop that is right
# is a full solution here, and the shortest way to see what a faster version would have to do.
#
# In this notebook `forward` is written and you write every `backward`: replace each line
# `raise NotImplementedError` by your own code.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `x` | a batch of pictures | `(batch, channels, rows, columns)` |
# | `W` | weights of the filters | `(filters, channels, height, width)` |
# | `b` | one bias per filter | `(filters,)` |
# | `y` | output of the convolution | `(batch, filters, out_rows, out_columns)` |
# | `upstream` | $\partial L/\partial y$, handed in | that of `y` |
# | `dx` | $\partial L/\partial x$, returned | that of `x` |
# | `dW`, `db` | the same for the parameters, set on `self` | that of `W`, `b` |
#
# - In formulas $n$ counts pictures, $c$ channels, $f$ filters; $(i, j)$ is a place of the window,
#   that is, a pixel of the output, and $(k, l)$ is a pixel of the window.
# - A window at $(i, j)$ begins at row $i \cdot \mathrm{stride}$ and column
#   $j \cdot \mathrm{stride}$. Windows must lie inside of the picture: rows and columns that are
#   left over at the end are not used.
# - Pictures need not be square, and neither need windows.
# - Nothing is divided by the size of the batch.
# - `upstream` and `x` belong to the caller: compute new arrays. `backward` may be called twice, and
#   several layers of one class may be in use at the same time.
# - All arrays hold `float64`.

# %%
import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## A worked example: a filter in one dimension
#
# One signal $x$ with $R$ numbers, one filter $w$ with $K$ weights, steps of one:
#
# $$y_i = \sum_{k=0}^{K-1} x_{i+k}\, w_k \qquad i = 0, \ldots, R - K$$
#
# (Signal processing would call this a *cross-correlation*; a convolution turns the filter round. In
# networks everybody says convolution and nobody turns, because the weights are learned anyway.)
#
# In the formula, $y_i$ **gathers** from $x_i, \ldots, x_{i+K-1}$. Going back, read it the other way
# round: for each $i$ and $k$, the product $x_{i+k}\,w_k$ is a term of $y_i$. So `upstream[i]` is to
# be **handed out**, to $x_{i+k}$ with the slope $w_k$ and to $w_k$ with the slope $x_{i+k}$:


# %%
class Filter:
    """y[i] = sum over k of x[i + k] w[k].

    Shapes: x (length,), w (size,), y and upstream (length - size + 1,).
    """

    def __init__(self, w: np.ndarray) -> None:
        self.w = w

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        size = len(self.w)
        return np.array([np.sum(x[i : i + size] * self.w) for i in range(len(x) - size + 1)])

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dw (size,) and return dx (length,), given upstream (length - size + 1,)."""
        size = len(self.w)
        dx, self.dw = np.zeros_like(self.x), np.zeros_like(self.w)
        for i in range(len(upstream)):
            dx[i : i + size] += upstream[i] * self.w
            self.dw += upstream[i] * self.x[i : i + size]
        return dx


# %% [markdown]
# Forward there is a window to read from, backward the **same window** to add to. It is `+=`, for
# $x_2$ may be seen by three windows. For $w = (1, 10, 100)$ and an upstream of ones, find the
# entries of `dx` in your head, then run:

# %% tags=["active-ipynb"]
# example = Filter(np.array([1.0, 10.0, 100.0]))
# print("y: ", example.forward(np.array([5.0, 4.0, 3.0, 2.0, 1.0])))
# print("dx:", example.backward(np.ones(3)))
# print("dw:", example.dw)

# %% [markdown]
# In two dimensions, through how many windows is each pixel seen? That depends on the size of the
# window and on its steps, the *stride*. With steps as long as the window, every pixel is seen once;
# with longer ones some are never seen, and their gradient is 0.

# %% tags=["active-ipynb"]
# figure, axes = plt.subplots(1, 4, figsize=(10, 2.5), layout="constrained")
# for ax, (height, width, step) in zip(
#     axes, ((3, 3, 1), (2, 3, 2), (2, 2, 2), (2, 2, 3)), strict=True
# ):
#     seen = np.zeros((7, 8), dtype=int)
#     for i in range(0, 7 - height + 1, step):
#         for j in range(0, 8 - width + 1, step):
#             seen[i : i + height, j : j + width] += 1
#     ax.imshow(seen, cmap="Blues", vmin=0, vmax=14)
#     for (r, q), count in np.ndenumerate(seen):
#         ax.text(q, r, count, ha="center", va="center", fontsize=8)
#     ax.set(xticks=[], yticks=[])
#     ax.set_title(f"window {height} by {width}, stride {step}", fontsize=10)
# plt.show()

# %% [markdown]
# ## Convolution
#
# First the picture gets a border of zeros, `padding` wide on all four sides: $\tilde x$. Then, with
# the stride $s$,
#
# $$y_{nfij} = b_f + \sum_{c,k,l} \tilde x_{n,c,\,is+k,\,js+l}\; W_{fckl}$$
#
# The bias reaches each output of its filter, in all pictures. The other two gradients follow the
# worked example: for each place $(i, j)$ of the window, hand out `upstream[:, :, i, j]`,
#
# $$\frac{\partial L}{\partial W_{fckl}} = \sum_{n,i,j} \mathrm{upstream}_{nfij}\;
#   \tilde x_{n,c,\,is+k,\,js+l} \qquad
#   \frac{\partial L}{\partial \tilde x_{n,c,\,is+k,\,js+l}} \mathrel{+}=
#   \sum_f \mathrm{upstream}_{nfij}\; W_{fckl}$$
#
# This gives the gradient of the picture *with* its border. Which part of it is `dx`? Try your
# answer with `padding=0` in your head.
#
# A sum over named indices is what `np.einsum` computes. `np.einsum("nchw,fchw->nf", window, W)`
# reads: multiply entries whose letters agree, and sum over the letters that are missing on the
# right.
#
# `np.ndindex(3, 4)` runs through all pairs $(i, j)$, as two loops would, and `slice(2, 5)` is `2:5`
# as a value that can have a name.


# %%
class Conv2d:
    """Cross-correlation of pictures with filters, plus a bias per filter.

    Shapes: x (batch, channels, rows, columns), W (filters, channels, height, width), b (filters,),
    y (batch, filters, out_rows, out_columns).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> None:
        self.W, self.b, self.stride, self.padding = W, b, stride, padding

    def forward(self, x: np.ndarray) -> np.ndarray:
        n, channels, rows, columns = x.shape
        height, width = self.W.shape[2:]
        s, p = self.stride, self.padding
        self.x, self.padded = x, np.zeros((n, channels, rows + 2 * p, columns + 2 * p))
        self.padded[:, :, p : p + rows, p : p + columns] = x
        out_rows = (rows + 2 * p - height) // s + 1
        out_columns = (columns + 2 * p - width) // s + 1
        y = np.zeros((n, len(self.W), out_rows, out_columns))
        for i, j in np.ndindex(out_rows, out_columns):
            down, across = slice(i * s, i * s + height), slice(j * s, j * s + width)
            window = self.padded[:, :, down, across]
            y[:, :, i, j] = np.einsum("nchw,fchw->nf", window, self.W) + self.b
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (filters, channels, height, width) and db (filters,).

        Return dx (batch, channels, rows, columns), given upstream (batch, filters, out_rows,
        out_columns).
        """
        rows, columns = self.x.shape[2:]
        height, width = self.W.shape[2:]
        s, p = self.stride, self.padding
        self.dW, self.db = np.zeros(self.W.shape), upstream.sum(axis=(0, 2, 3))
        dpadded = np.zeros(self.padded.shape)
        for i, j in np.ndindex(upstream.shape[2:]):
            down, across = slice(i * s, i * s + height), slice(j * s, j * s + width)
            window, g = self.padded[:, :, down, across], upstream[:, :, i, j]
            self.dW += np.einsum("nf,nchw->fchw", g, window)
            dpadded[:, :, down, across] += np.einsum("nf,fchw->nchw", g, self.W)
        return dpadded[:, :, p : p + rows, p : p + columns]


# %% tags=["active-ipynb"]
# check(Conv2d)

# %% [markdown]
# What filters do, with two that nobody had to learn: one answers to edges between left and right,
# the other to edges between top and bottom.

# %% tags=["active-ipynb"]
# r, q = np.mgrid[:40, :60]
# picture = ((r - 20) ** 2 + (q - 22) ** 2 < 150) + 0.6 * ((abs(r - 18) < 9) & (abs(q - 46) < 8))
# sobel = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
# edges = Conv2d(np.stack([sobel, sobel.T])[:, np.newaxis], np.zeros(2), padding=1)
# answers = edges.forward(picture[np.newaxis, np.newaxis])[0]
# figure, axes = plt.subplots(1, 3, figsize=(9, 2.3), layout="constrained")
# for ax, shown, title in zip(
#     axes, (picture, *answers), ("picture", "left to right", "top to bottom"), strict=True
# ):
#     ax.imshow(shown, cmap="gray")
#     ax.set(xticks=[], yticks=[])
#     ax.set_title(title, fontsize=10)
# plt.show()

# %% [markdown]
# ## Pooling
#
# Pooling makes pictures smaller: from each window it keeps one number, in every channel by itself.
# There are no weights. Window and stride may be numbers or pairs (rows, columns); without a stride,
# the windows lie side by side. `pair` makes pairs of both.


# %%
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


# %% [markdown]
# ## Average pooling
#
# With a window of $h$ by $w$ and the strides $s$ (rows) and $t$ (columns)
#
# $$y_{ncij} = \frac{1}{h\,w}\sum_{k,l} x_{n,c,\,is+k,\,jt+l}$$
#
# This is a convolution with a filter that is $1/(hw)$ everywhere. Hand out, window by window. Which
# numbers is the mean divided by: those of the window, or those of the stride?


# %%
class AvgPool2d:
    """The mean of each window.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels, out_rows,
    out_columns).
    """

    def __init__(self, size, stride=None) -> None:
        self.size = pair(size)
        self.stride = self.size if stride is None else pair(stride)

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        (h, w), (s, t) = self.size, self.stride
        n, channels, rows, columns = x.shape
        y = np.zeros((n, channels, (rows - h) // s + 1, (columns - w) // t + 1))
        for i, j in np.ndindex(y.shape[2:]):
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros(self.x.shape)
        for n, c, i, j in np.ndindex(upstream.shape):
            dx[n, c, i * s : i * s + h, j * t : j * t + w] += upstream[n, c, i, j] / (h * w)
        return dx


# %% tags=["active-ipynb"]
# check(AvgPool2d)

# %% [markdown]
# ## Max pooling
#
# $$y_{ncij} = \max_{k,l}\; x_{n,c,\,is+k,\,jt+l}$$
#
# Move a pixel that is not the largest of its window a little: nothing happens, its slope is 0.
# Move the largest: the maximum moves with it, its slope is 1. So each window hands its whole
# `upstream` to one pixel. The same pixel may be the largest of several windows.
#
# Where two pixels tie, any share between them will do; it is not tested. To find the largest, NumPy
# numbers the entries row by row: `window.argmax()` is that number, and
# `np.unravel_index(number, window.shape)` makes a row and a column of it.


# %%
class MaxPool2d:
    """The largest entry of each window.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels, out_rows,
    out_columns).
    """

    def __init__(self, size, stride=None) -> None:
        self.size = pair(size)
        self.stride = self.size if stride is None else pair(stride)

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        (h, w), (s, t) = self.size, self.stride
        n, channels, rows, columns = x.shape
        y = np.zeros((n, channels, (rows - h) // s + 1, (columns - w) // t + 1))
        for i, j in np.ndindex(y.shape[2:]):
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].max(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros(self.x.shape)
        for n, c, i, j in np.ndindex(upstream.shape):
            window = self.x[n, c, i * s : i * s + h, j * t : j * t + w]
            k, l = np.unravel_index(window.argmax(), window.shape)  # noqa: E741 -- as in the text
            dx[n, c, i * s + k, j * t + l] += upstream[n, c, i, j]
        return dx


# %% tags=["active-ipynb"]
# check(MaxPool2d)

# %% [markdown]
# ## Flatten
#
# Between the last picture and the first affine layer every picture becomes one row of numbers:
# `(batch, channels, rows, columns)` turns into `(batch, channels * rows * columns)`. No number
# changes; each just gets another address. What must `backward` do, and what must it know?


# %%
class Flatten:
    """y = x with all axes but the first in one.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels * rows * columns).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels * rows * columns).
        """
        return upstream.reshape(self.shape)


# %% tags=["active-ipynb"]
# check(Flatten)

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from collections.abc import Mapping

from grader.exercise import Draw, Exercise, Spread, Uniform, Variation

PICTURES = "batch channels rows columns"
POOLED = "batch channels out_rows out_columns"


def _case(
    name: str,
    picture: tuple[int, int, int, int],
    window: tuple[int, int],
    *,
    filters: int = 1,
    stride: int | tuple[int, int] = 1,
    padding: int = 0,
    calls: str = "once",
    draws: Mapping[str, Draw] | None = None,
    options: Mapping[str, object] | None = None,
) -> Variation:
    """A variation whose sizes fit each other; picture is batch, channels, rows, columns."""
    places = [
        (size + 2 * padding - of) // step + 1
        for size, of, step in zip(picture[2:], window, pair(stride), strict=True)
    ]
    sizes = dict(zip(PICTURES.split(), picture, strict=True)) | {
        **{"filters": filters, "height": window[0], "width": window[1]},
        **{"out_rows": places[0], "out_columns": places[1]},
    }
    return Variation(name, sizes, draws or {}, options or {}, calls)


def _conv(name: str, picture: tuple[int, int, int, int], window: tuple[int, int], **further):
    stride, padding = further.get("stride", 1), further.get("padding", 0)
    options = {"stride": stride, "padding": padding} if stride > 1 or padding else {}
    return _case(name, picture, window, options=options, **further)


def _pool(name: str, picture: tuple[int, int, int, int], size, stride=None, **further):
    """Options as they are given: a pair stays a pair, no stride stays none."""
    options = {"size": size} if stride is None else {"size": size, "stride": stride}
    step = size if stride is None else stride
    return _case(name, picture, pair(size), stride=step, options=options, **further)


def _flat(name: str, picture: tuple[int, int, int, int], calls: str = "once") -> Variation:
    sizes = dict(zip(PICTURES.split(), picture, strict=True))
    return Variation(name, {**sizes, "flat": picture[1] * picture[2] * picture[3]}, calls=calls)


NEGATIVE = {"x": Uniform(PICTURES, -60.0, -20.0)}
POOLS = (
    _pool("random values", (2, 3, 4, 6), 2),
    _pool("window 2 by 3", (2, 1, 4, 6), (2, 3)),
    _pool("window 3 by 2", (1, 2, 6, 5), (3, 2)),
    _pool("stride 1, windows overlap", (1, 2, 5, 6), 2, 1),
    _pool("stride 1 by 2, window 2 by 3", (1, 2, 3, 7), (2, 3), (1, 2)),
    _pool("stride 2 by 1, window 3 by 2", (1, 2, 7, 4), (3, 2), (2, 1)),
    _pool("stride above the window", (1, 2, 8, 5), 2, 3),
    _pool("rows and columns left over", (2, 2, 5, 7), 2),
    _pool("left over and overlapping", (1, 2, 6, 8), 3, 2),
    _pool("all negative", (1, 2, 4, 5), 2, 1, draws=NEGATIVE),
    _pool("one window", (3, 2, 2, 3), (2, 3)),
    _pool("windows of one", (2, 1, 2, 3), 1),
    _pool("backward called twice", (2, 1, 3, 4), 2, 1, calls="twice"),
    _pool("another instance used in between", (1, 2, 4, 3), 2, 1, calls="between"),
    _pool("instance used before", (2, 1, 4, 5), (2, 3), 1, calls="reused"),
)

EXERCISES = (
    Exercise(
        name="Conv2d",
        kind="layer",
        points={"dx": 14, "dW": 8, "db": 4},
        params={"W": Uniform("filters channels height width"), "b": Uniform("filters")},
        inputs={"x": Uniform(PICTURES)},
        output=Uniform("batch filters out_rows out_columns"),
        variations=(
            _conv("random values", (2, 3, 4, 6), (2, 3), filters=4),
            _conv("one picture, padding 1", (1, 2, 3, 4), (3, 2), filters=3, padding=1),
            _conv("padding 2", (3, 2, 2, 3), (3, 2), filters=1, padding=2),
            _conv("stride 2", (1, 2, 5, 7), (3, 2), filters=3, stride=2),
            _conv("stride 2, left over, padding 1", (2, 1, 4, 5), (3, 2), stride=2, padding=1),
            _conv("stride 3, above the window", (1, 2, 5, 8), (2, 2), filters=3, stride=3),
            _conv("stride 3, padding 2", (1, 2, 4, 6), (4, 5), filters=2, stride=3, padding=2),
            _conv("window of one pixel", (2, 3, 2, 3), (1, 1), filters=2),
            _conv("one window", (3, 2, 2, 3), (2, 3), filters=2),
            _conv("backward called twice", (2, 1, 3, 4), (2, 3), filters=3, calls="twice"),
            _conv("another instance used in between", (1, 2, 3, 4), (2, 2), calls="between"),
            _conv("instance used before", (2, 1, 4, 3), (3, 2), padding=1, calls="reused"),
        ),
    ),
    Exercise(
        name="AvgPool2d",
        kind="layer",
        points={"dx": 10},
        inputs={"x": Uniform(PICTURES)},
        output=Uniform(POOLED),
        variations=POOLS,
    ),
    Exercise(
        name="MaxPool2d",
        kind="layer",
        points={"dx": 12},
        inputs={"x": Spread(PICTURES, 0.5, 50.0)},  # far enough from each other to have no ties
        output=Uniform(POOLED),
        variations=POOLS,
    ),
    Exercise(
        name="Flatten",
        kind="layer",
        points={"dx": 4},
        inputs={"x": Uniform(PICTURES)},
        output=Uniform("batch flat"),
        variations=(
            _flat("random values", (2, 3, 4, 5)),
            _flat("other sizes", (3, 2, 5, 2)),
            _flat("one picture", (1, 4, 2, 3)),
            _flat("backward called twice", (2, 3, 2, 5), "twice"),
            _flat("another instance used in between", (4, 2, 3, 2), "between"),
            _flat("instance used before", (2, 2, 3, 4), "reused"),
        ),
    ),
)
