# %% [markdown]
# # An autograd engine
#
# So far you have written `backward` for one layer after the other and called them in the right
# order by hand. Libraries do it differently: you write down *any* computation, with `if` and loops
# and functions of your own, and a single call of `loss.backward()` gives the gradients of
# everything. In this notebook you build that engine. It has three parts, and none is long:
#
# 1. **operations**, each of which knows its own derivative, like the layers that you know;
# 2. a **graph**: every result remembers what it was computed from;
# 3. a **walk through the graph**, from the result back to the beginning, that joins the
#    derivatives.
#
# Replace each line `raise NotImplementedError` by your own code. Every exercise is judged by
# itself: one that you leave out does not cost you the others.

# %% [markdown]
# ## Conventions
#
# | name | meaning | shape |
# |---|---|---|
# | `a`, `b` | operands of an operation | any that NumPy can combine |
# | `upstream` | gradient of $L$ for the result of an operation | that of the result |
# | `x.data` | the numbers of a Tensor `x` | any |
# | `x.grad` | gradient of $L$ for `x`, zeros at the beginning | that of `x.data` |
# | `x.parents` | the Tensors that `x` was computed from; none for a leaf | a tuple |
#
# - $L$ is a single number. Gradients are **added** to `grad`, so that two passes give the sum.
# - All arrays hold `float64`; integers are converted when a Tensor is made.
# - Arrays that you are given belong to the caller: compute new ones. Mind that `+=` changes an
#   array in place.

# %%
from contextlib import contextmanager

import numpy as np

# %% tags=["active-ipynb"]
# import matplotlib.pyplot as plt
#
# from grader import check

# %% [markdown]
# ## The idea, with numbers
#
# Take $a = 2$, $b = 3$ and compute in small steps
#
# $$c = a\,b = 6 \qquad d = c + a = 8 \qquad L = c\,d = 48$$
#
# Each step is a node of a graph, and an arrow leads to it from each of its operands. Now backwards.
# A change of $L$ itself counts once: its gradient is 1. From there on two rules are enough.
#
# **Along an arrow, multiply** the gradient of the result by the derivative of that one step:
# $L = c\,d$ hands $1\cdot c = 6$ to $d$.
#
# **At a node, add up** what arrives along all arrows that leave it. $c$ is used twice: by $L$,
# which hands it $1\cdot d = 8$, and by $d$, which hands on its own 6. Together 14. And $a$ is used
# twice: by $c$, which hands it $14\cdot b = 42$, and by $d$, which hands it 6. Together 48.
#
# So the order matters: before $c$ can hand anything on, *both* of its contributions must be there.

# %% tags=["active-ipynb"]
# places = {"a": (0, 0), "b": (0, 1), "c": (1, 0.8), "d": (2, 0.1), "L": (3, 0.5)}
# values = {"a": "2", "b": "3", "c": "6", "d": "8", "L": "48"}
# gradients = {"a": "48", "b": "28", "c": "14", "d": "6", "L": "1"}
# arrows = {"ac": "42", "bc": "28", "cd": "6", "ad": "6", "cL": "8", "dL": "6"}  # handed back
# figure, ax = plt.subplots(figsize=(6.4, 2.6), layout="constrained")
# for (start, end), handed in arrows.items():
#     (x0, y0), (x1, y1) = places[start], places[end]
#     style = {"arrowstyle": "->", "color": "0.6", "shrinkA": 24, "shrinkB": 24}
#     ax.annotate("", places[end], places[start], arrowprops=style)
#     ax.text((x0 + x1) / 2, (y0 + y1) / 2, handed, color="C3", ha="center", va="center",
#             bbox={"color": "white", "pad": 1})
# for name, place in places.items():
#     text = f"${name} = {values[name]}$\n{gradients[name]}"
#     ax.text(*place, text, ha="center", va="center", bbox={"boxstyle": "round", "fc": "#eef3fb"})
# ax.set(xlim=(-0.4, 3.4), ylim=(-0.35, 1.35), title="Below each value its gradient;"
#        " on the arrows, in red, what is handed back")
# ax.axis("off")
# plt.show()

# %% [markdown]
# ## 1. Operations
#
# An operation is a layer without parameters. `forward` gets arrays and keeps what `backward` will
# need; `backward` gets the gradient of the result and returns the gradient of its operand. With two
# operands it returns two gradients, in their order.
#
# ### A worked example: the square
#
# $y = a^2$, entry by entry, has the derivative $2a$, and so
# $\dfrac{\partial L}{\partial a} = \mathrm{upstream}\cdot 2a$.


# %%
class Square:
    """a * a, entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return a**2

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * 2 * self.a


# %% tags=["active-ipynb"]
# example = Square()
# example.forward(np.array([1.0, 2.0, 3.0]))
# print("gradient of a:", example.backward(np.array([0.5, 1.0, -1.0])))

# %% [markdown]
# ### Sum and difference
#
# $y = a + b$ passes what comes in to both; in $y = a - b$ one of them gets it with another sign.
#
# **Different shapes.** NumPy stretches `b` of shape `(4,)` to fit an `a` of shape `(3, 4)`. What is
# to be done about that on the way back is the same for all operations, and is done once, later. In
# the operations, *return every gradient in the shape of the result*.


# %%
class Add:
    """a + b, entry by entry."""

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return a + b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a and b, in the shape of the result."""
        return upstream, upstream


# %% tags=["active-ipynb"]
# check(Add)


# %%
class Subtract:
    """a - b, entry by entry."""

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return a - b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a and b, in the shape of the result."""
        return upstream, -upstream


# %% tags=["active-ipynb"]
# check(Subtract)

# %% [markdown]
# ### Product, quotient, power
#
# $$y = a\,b \qquad\qquad y = \frac{a}{b} \qquad\qquad y = a^n$$
#
# The exponent $n$ is a constant, a number or an array, and gets no gradient. What is the derivative
# of $a/b$ for $b$? Write $a\,b^{-1}$, if you are not sure.


# %%
class Multiply:
    """a * b, entry by entry."""

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        self.a, self.b = a, b
        return a * b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a and b, in the shape of the result."""
        return upstream * self.b, upstream * self.a


# %% tags=["active-ipynb"]
# check(Multiply)


# %%
class Divide:
    """a / b, entry by entry."""

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        self.a, self.b = a, b
        return a / b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a and b, in the shape of the result."""
        return upstream / self.b, -upstream * self.a / self.b**2


# %% tags=["active-ipynb"]
# check(Divide)


# %%
class Power:
    """a ** exponent, entry by entry; the exponent is a constant."""

    def __init__(self, exponent: float | np.ndarray) -> None:
        self.exponent = exponent

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return a**self.exponent

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of the result."""
        return upstream * self.exponent * self.a ** (self.exponent - 1)


# %% tags=["active-ipynb"]
# check(Power)

# %% [markdown]
# ### Functions of one number
#
# Entry by entry, as you know them from the layers. `forward` keeps its result as `self.out`: for
# some of these functions the derivative is simplest in terms of that.


# %%
class ReLU:
    """max(a, 0), entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return np.maximum(a, 0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * (self.a > 0)


# %% tags=["active-ipynb"]
# check(ReLU)


# %%
class Tanh:
    """tanh(a), entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.out = np.tanh(a)
        return self.out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * (1 - self.out**2)


# %% tags=["active-ipynb"]
# check(Tanh)


# %%
class Sigmoid:
    """1 / (1 + exp(-a)), entry by entry; safe for every a."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.out = np.exp(-np.logaddexp(0, -a))
        return self.out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * self.out * (1 - self.out)


# %% tags=["active-ipynb"]
# check(Sigmoid)


# %%
class Exp:
    """exp(a), entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.out = np.exp(a)
        return self.out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * self.out


# %% tags=["active-ipynb"]
# check(Exp)


# %%
class Log:
    """The natural logarithm of a, entry by entry; a is above 0."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return np.log(a)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream / self.a


# %% tags=["active-ipynb"]
# check(Log)

# %% [markdown]
# ### Matrix product
#
# $Y = AB$ for matrices, `(n, m) @ (m, k)`, gives as for an affine layer
#
# $$\frac{\partial L}{\partial A} = \mathrm{upstream}\;B^T \qquad
#   \frac{\partial L}{\partial B} = A^T\,\mathrm{upstream}$$
#
# With more than two axes, `@` multiplies a whole stack of matrices, `(stack, n, m) @ (stack, m,
# k)`, and one matrix can serve the whole stack. Transpose the last two axes only, `a.swapaxes(-1,
# -2)`, and your `backward` works for stacks, too. If one matrix served a stack, a gradient for each
# of its uses may come out: summing over them is again left to later.


# %%
class MatMul:
    """a @ b, matrices or stacks of them.

    Shapes: a (..., n, m), b (..., m, k); the result and upstream (..., n, k).
    """

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        self.a, self.b = a, b
        return a @ b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a (..., n, m) and b (..., m, k)."""
        return upstream @ self.b.swapaxes(-1, -2), self.a.swapaxes(-1, -2) @ upstream


# %% tags=["active-ipynb"]
# check(MatMul)

# %% [markdown]
# ### Reductions
#
# `Sum(axis)` adds up along one axis, or everything if the axis is `None`. Each entry of `a` goes
# into one sum, with the factor 1: it gets the gradient of *that* sum. So `upstream` has to be
# brought back to the shape of `a`. Two steps make that easy:
#
# - give it the axis of length one that it would have had with `keepdims=True`. `forward` keeps that
#   shape as `self.kept`;
# - let NumPy repeat it along that axis: `np.broadcast_to(array, shape)`.
#
# The mean is the sum divided by the number of entries. The maximum takes one entry of each row and
# ignores the others, and so does its gradient. (If two entries are equally large, their row's
# gradient may go to either or be shared; no case has that.)


# %%
class Sum:
    """The sum of a along an axis, or of all entries."""

    def __init__(self, axis: int | None = None, keepdims: bool = False) -> None:
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.shape = a.shape
        self.kept = a.sum(axis=self.axis, keepdims=True).shape
        return a.sum(axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return np.broadcast_to(upstream.reshape(self.kept), self.shape)


# %% tags=["active-ipynb"]
# check(Sum)


# %%
class Mean:
    """The mean of a along an axis, or of all entries."""

    def __init__(self, axis: int | None = None, keepdims: bool = False) -> None:
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.shape, out = a.shape, a.mean(axis=self.axis, keepdims=True)
        self.kept, self.count = out.shape, a.size / out.size
        return a.mean(axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a. `self.count` entries went into each mean."""
        return np.broadcast_to(upstream.reshape(self.kept), self.shape) / self.count


# %% tags=["active-ipynb"]
# check(Mean)


# %%
class Max:
    """The largest entry of a along an axis, or of all entries."""

    def __init__(self, axis: int | None = None, keepdims: bool = False) -> None:
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a, self.largest = a, a.max(axis=self.axis, keepdims=True)
        return a.max(axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream.reshape(self.largest.shape) * (self.a == self.largest)


# %% tags=["active-ipynb"]
# check(Max)

# %% [markdown]
# ### Moving entries
#
# `Reshape`, `Transpose` and `Index` compute nothing: entries go to other places. On the way back
# their gradients return to where the entries came from.
#
# - `Transpose(axes)`: axis `axes[i]` of `a` becomes axis `i` of the result; `None` reverses the
#   axes. Which permutation undoes that? `np.argsort(axes)`.
# - `Index(key)`: the result is `a[key]`, where `key` is what can stand between brackets: a number,
#   a slice, an array of integers. Entries that were not chosen get 0. And an array of integers may
#   choose the same entry several times: then it *collects* from all of its copies. `np.add.at` does
#   that, whatever the key is; `+=` does not, as you have seen with embeddings.


# %%
class Reshape:
    """The entries of a in another shape."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.new_shape = shape

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.shape = a.shape
        return a.reshape(self.new_shape)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream.reshape(self.shape)


# %% tags=["active-ipynb"]
# check(Reshape)


# %%
class Transpose:
    """The axes of a in another order; None reverses them."""

    def __init__(self, axes: tuple[int, ...] | None = None) -> None:
        self.axes = axes

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.axes = self.axes or tuple(range(a.ndim))[::-1]
        return a.transpose(self.axes)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream.transpose(np.argsort(self.axes))


# %% tags=["active-ipynb"]
# check(Transpose)


# %%
class Index:
    """a[key]."""

    def __init__(self, key: object) -> None:
        self.key = key

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.shape = a.shape
        return a[self.key]

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        gradient = np.zeros(self.shape)
        np.add.at(gradient, self.key, upstream)
        return gradient


# %% tags=["active-ipynb"]
# check(Index)

# %% [markdown]
# ## 2. The graph
#
# A `Tensor` is an array that remembers where it came from: `parents` are the Tensors that it was
# computed from, `local_backward` is the `backward` of the operation that computed it. Nobody writes
# the graph down: it comes into being while your code runs, line by line.
#
# The whole class is given. Its long part makes operators and methods out of the operations; `apply`
# is what they all do. Note what numbers and arrays become: `as_tensor` makes leaves of them, so
# that `2 * x`, `x - array` and `array @ x` work from both sides.


# %%
class Tensor:
    """An array, its gradient, and where it came from.

    data: an array or a number, converted to float64
    parents: the Tensors it was computed from
    backward: a function from the gradient of data to those of all parents
    """

    recording = True
    __array_ufunc__ = None  # array + tensor is then left to Tensor

    def __init__(self, data, parents=(), backward=None):
        self.data = np.array(data, dtype=float)
        self.grad = np.zeros(self.data.shape)
        self.parents, self.local_backward = (), None
        if Tensor.recording:
            self.parents, self.local_backward = tuple(parents), backward

    def local_gradients(self, upstream):
        """Return for each parent what this Tensor hands to it, given its own gradient."""
        if self.local_backward is None:
            return ()
        gradients = self.local_backward(upstream)
        return gradients if isinstance(gradients, tuple | list) else (gradients,)

    def backward(self, upstream=None):
        """Add the gradients of all that this Tensor depends on; see backpropagate."""
        backpropagate(self, upstream)

    def __repr__(self):
        return f"Tensor({self.data})"

    def __add__(self, other):
        return apply(Add(), self, other)

    def __radd__(self, other):
        return apply(Add(), other, self)

    def __sub__(self, other):
        return apply(Subtract(), self, other)

    def __rsub__(self, other):
        return apply(Subtract(), other, self)

    def __mul__(self, other):
        return apply(Multiply(), self, other)

    def __rmul__(self, other):
        return apply(Multiply(), other, self)

    def __truediv__(self, other):
        return apply(Divide(), self, other)

    def __rtruediv__(self, other):
        return apply(Divide(), other, self)

    def __matmul__(self, other):
        return apply(MatMul(), self, other)

    def __rmatmul__(self, other):
        return apply(MatMul(), other, self)

    def __pow__(self, exponent):
        if isinstance(exponent, Tensor):  # a ** b is exp(b log a)
            return (exponent * self.log()).exp()
        return apply(Power(exponent), self)

    def __rpow__(self, base):
        return (self * np.log(base)).exp()

    def __neg__(self):
        return apply(Multiply(), self, -1)

    def __getitem__(self, key):
        return apply(Index(key), self)

    def sum(self, axis=None, keepdims=False):
        return apply(Sum(axis, keepdims), self)

    def mean(self, axis=None, keepdims=False):
        return apply(Mean(axis, keepdims), self)

    def max(self, axis=None, keepdims=False):
        return apply(Max(axis, keepdims), self)

    def relu(self):
        return apply(ReLU(), self)

    def tanh(self):
        return apply(Tanh(), self)

    def sigmoid(self):
        return apply(Sigmoid(), self)

    def exp(self):
        return apply(Exp(), self)

    def log(self):
        return apply(Log(), self)

    def reshape(self, *shape):
        return apply(Reshape(shape), self)

    def transpose(self, *axes):
        return apply(Transpose(axes or None), self)


# %%
def as_tensor(value):
    """Return the Tensor itself, or a new leaf with this number or array."""
    return value if isinstance(value, Tensor) else Tensor(value)


# %%
def apply(operation, *operands):
    """Return a Tensor with the operation's result, which remembers its parents."""
    parents = tuple(as_tensor(one) for one in operands)
    data = operation.forward(*(one.data for one in parents))
    return Tensor(data, parents, operation.backward)


# %% [markdown]
# `print_graph` shows a graph, one line per Tensor: its number, the operation that made it, its
# shape, and the numbers of its parents. Here is the example from above, and a function with a loop:
# how often it runs depends on the numbers, and so does the graph.


# %%
def print_graph(root):
    """Print every Tensor that root depends on, root first."""
    numbers, found = {root: 0}, [root]
    for node in found:  # which grows on the way
        for parent in node.parents:
            if parent not in numbers:
                numbers[parent] = len(numbers)
                found.append(parent)
        made_by = getattr(node.local_backward, "__qualname__", "leaf").split(".")[0]
        of = ", ".join(str(numbers[parent]) for parent in node.parents)
        print(f"{numbers[node]:4}  {made_by:10} {node.data.shape!s:10} {of}".rstrip())


# %% tags=["active-ipynb"]
# a, b = Tensor(2), Tensor(3)
# c = a * b
# d = c + a
# print_graph(c * d)
#
#
# def halved(x):
#     while abs(x.data).max() > 1:
#         x = x / 2
#     return x
#
#
# for start in (1.5, 6.0):
#     print(f"\nhalved({start})")
#     print_graph(halved(Tensor(start)))

# %% [markdown]
# ## 3. The way back
#
# ### Undoing what NumPy stretched
#
# When `b` of shape `(4,)` was combined with an `a` of shape `(3, 4)`, each entry of `b` was used
# three times. You know the rule: what is used several times collects from all of its uses. So the
# gradient, which has the shape `(3, 4)` of the result, is **summed** over the axes along which `b`
# was repeated. There are two kinds of them:
#
# - axes that `b` does not have. They are always the first ones: `(4,)` is read as `(1, 4)`;
# - axes along which `b` has length 1 and the result more. These stay, with length 1.
#
# | shape of the gradient | shape wanted | sum over |
# |---|---|---|
# | `(3, 4)` | `(4,)` | axis 0, which goes |
# | `(3, 4)` | `(3, 1)` | axis 1, which stays with length 1 |
# | `(2, 3, 4)` | `(1, 4)` | axis 0, which goes, and axis 1, which stays |
# | `(3, 4)` | `()` | everything |
# | `(3, 4)` | `(3, 4)` | nothing |


# %%
def unbroadcast(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum the gradient over the axes along which an array of this shape was repeated.

    gradient has the shape of the result; what is returned has the shape wanted.
    """
    missing = gradient.ndim - len(shape)
    gradient = gradient.sum(axis=tuple(range(missing)))
    stretched = tuple(axis for axis, size in enumerate(shape) if size == 1)
    return gradient.sum(axis=stretched, keepdims=True)


# %% tags=["active-ipynb"]
# check(unbroadcast)

# %% [markdown]
# ### In which order
#
# Before a Tensor hands its gradient on, all that depends on it must have handed theirs to it. So we
# need a list in which **every Tensor comes after all of its parents**, and walk through it
# backwards: a *topological order*. Each Tensor that `root` depends on is in it once, and `root`
# comes last. There may be several such lists; any will do.
#
# Going through the graph level by level, as `print_graph` does, is not enough: look at $c$ in the
# example, which is a parent of the root *and* of another parent of the root.
#
# A function that calls itself for each parent does it in a few lines: first the parents, then the
# Tensor itself, unless it has been seen already. But Python stops at a depth of about 1,000 calls,
# and a loop of 5,000 steps makes a graph that is 5,000 deep. So keep a **list of what is still to
# be done** instead. Look at its last entry:
#
# - if some of its parents are not in the order yet, they have to come first: put them on the list;
# - otherwise it is done: take it off the list and, unless it is there already, put it into the
#   order.
#
# To ask whether a Tensor is in the order, keep a set beside it: searching a list takes long.


# %%
def topological_order(root: Tensor) -> list[Tensor]:
    """Return all Tensors that root depends on, each once and after its parents; root is last."""
    order, done, todo = [], set(), [root]
    while todo:
        node = todo[-1]
        waiting = [parent for parent in node.parents if parent not in done]
        if waiting:
            todo += waiting
        else:
            todo.pop()
            if node not in done:
                done.add(node)
                order.append(node)
    return order


# %% tags=["active-ipynb"]
# check(topological_order)

# %% [markdown]
# ### Backpropagation
#
# Now put it together. In one pass, every Tensor collects its gradient:
#
# 1. All gradients of this pass are zero, but that of `root`, which is `upstream` (or, where that is
#    `None`, ones).
# 2. Walk through the topological order backwards. When you come to a Tensor its gradient is
#    complete. Hand it on: `node.local_gradients(gradient)` has one gradient for each of
#    `node.parents`, in the same order. Each is brought to the shape of that parent by
#    `unbroadcast`, and added to what the parent has collected.
# 3. And what a Tensor has collected in this pass is **added** to its `grad`.
#
# Why not collect in `grad` itself? Because it may hold the gradient of an earlier pass, and that
# has been handed on already. Keep what is collected in this pass in a dictionary: Tensors can be
# its keys.


# %%
def backpropagate(root: Tensor, upstream: np.ndarray | None = None) -> None:
    """Add to the grad of every Tensor that root depends on, given the gradient of root.

    upstream has the shape of root.data; None stands for ones.
    """
    order = topological_order(root)
    gradients = {node: np.zeros(node.data.shape) for node in order}
    gradients[root] = np.ones(root.data.shape) if upstream is None else upstream
    for node in reversed(order):
        gradient = gradients[node]
        node.grad = node.grad + gradient
        for parent, handed in zip(node.parents, node.local_gradients(gradient), strict=True):
            gradients[parent] = gradients[parent] + unbroadcast(handed, parent.data.shape)


# %% tags=["active-ipynb"]
# check(backpropagate)

# %% [markdown]
# Once these three are right, the example from the beginning is a matter of two lines:

# %% tags=["active-ipynb"]
# (c * d).backward()
# print("gradients of a, b, c, d:", a.grad, b.grad, c.grad, d.grad)

# %% [markdown]
# ### Starting anew
#
# Gradients add up from one pass to the next. That is what you want when a batch is worked through
# in parts, and what you do not want when the next step of a training begins.


# %%
def zero_grad(*tensors: Tensor) -> None:
    """Set the grad of each of these Tensors to zeros."""
    for tensor in tensors:
        tensor.grad = np.zeros(tensor.data.shape)


# %% tags=["active-ipynb"]
# check(zero_grad)

# %% [markdown]
# ### Leaving no trace
#
# An accuracy needs no gradient, nor does an update of the weights, and to record them wastes
# memory. Inside of a block `with no_grad():` nothing is recorded: what is computed there has no
# parents, as if it had fallen from the sky. `Tensor.__init__` looks at `Tensor.recording`. So:
#
# - set it to `False` when the block begins,
# - and when the block ends, *however* it ends, to what it was **before**. (One block may stand
#   inside of another.)
#
# `contextmanager` makes such a block of a function: what stands before its `yield` is done at the
# beginning of the block, what stands after it at the end. If the block raises an exception, so does
# `yield`; `try: ... finally: ...` takes care of that.


# %%
@contextmanager
def no_grad():
    """Let Tensors that are computed inside of the block have no parents."""
    before = Tensor.recording
    Tensor.recording = False
    try:
        yield
    finally:
        Tensor.recording = before


# %% tags=["active-ipynb"]
# check(no_grad)

# %% [markdown]
# ### The engine as a function
#
# Last, a function that differentiates functions: `gradients(f, x, y)` makes Tensors of the arrays,
# calls `f` with them, goes back from what `f` returns, and gives one gradient for each array. `f`
# may be any Python function of Tensors; the check tries it with many, of ever more operations. When
# one of them goes wrong, it looks for a small example that goes wrong in the same way and shows it
# to you.


# %%
def gradients(f, *arrays: np.ndarray) -> list[np.ndarray]:
    """Return the gradient of the sum of f(*arrays) for each of the arrays.

    f takes as many Tensors as there are arrays and returns one.
    """
    tensors = [Tensor(array) for array in arrays]
    f(*tensors).backward()
    return [tensor.grad for tensor in tensors]


# %% tags=["active-ipynb"]
# check(gradients)

# %% [markdown]
# ## A network without a single backward
#
# Here is your engine at work: a network with one hidden layer learns a sine from noisy points.
# There is no `backward` of a layer, and no formula for a gradient. What is recorded is the loss;
# what is not is the update.

# %% tags=["active-ipynb"]
# rng = np.random.default_rng(0)
# x = np.sort(rng.uniform(-3, 3, (60, 1)), axis=0)
# y = np.sin(x) + 0.1 * rng.normal(size=x.shape)
# W1, b1 = Tensor(rng.normal(size=(1, 16))), Tensor(rng.normal(size=16))
# W2, b2 = Tensor(rng.normal(size=(16, 1)) / 4), Tensor(0)
# parameters, losses = (W1, b1, W2, b2), []
#
#
# def model(x):
#     return (x @ W1 + b1).tanh() @ W2 + b2
#
#
# for step in range(400):
#     loss = ((model(x) - y) ** 2).mean()
#     zero_grad(*parameters)
#     loss.backward()
#     for tensor in parameters:
#         tensor.data = tensor.data - 0.1 * tensor.grad
#     losses.append(float(loss.data))
# with no_grad():
#     curve = model(np.linspace(-3, 3, 200)[:, None]).data
# figure, (left, right) = plt.subplots(1, 2, figsize=(7, 2.8), layout="constrained")
# left.semilogy(losses)
# left.set(xlabel="step", ylabel="loss")
# left.grid(alpha=0.3)
# right.plot(x, y, ".", color="0.6", label="points")
# right.plot(np.linspace(-3, 3, 200), curve, label="network")
# right.legend()
# plt.show()

# %% [markdown]
# ## All together
#
# Every exercise of this notebook, with its points. Before you hand in, choose *Kernel > Restart
# Kernel and Run All Cells*: what works only because of a cell you have deleted meanwhile fails now.

# %% tags=["active-ipynb"]
# check()

# %% tags=["grader"]
from grader.derivative import gradient as differences
from grader.exercise import Drawn, Exercise, Uniform, Variation, Written


def _unrecorded_witness(case):
    """c is computed inside of the block and does not move; c * a + a * b is outside."""
    a, b, w = case.inputs["a"], case.inputs["b"], case.upstream
    c = a * b
    return (
        differences(lambda x: np.sum(w * (c * x + x * b)), a),
        differences(lambda x: np.sum(w * (c * a + a * x)), b),
    )


WITNESSES = {"no_grad": _unrecorded_witness}

MATRIX = Uniform("3 4")
USUAL = (
    Variation("random values"),
    Variation("backward called twice", calls="twice"),
    Variation("another instance used in between", calls="between"),
    Variation("instance used before", calls="reused"),
)


def _of_two(
    name: str, symbol: str, points: dict[str, int], b: Uniform = MATRIX, *more: Variation
) -> Exercise:
    """An operation with two operands, which may have different shapes."""

    def shaped(name: str, a: str, other: str, out: str = "3 4") -> Variation:
        draws = {"a": Uniform(a), "b": Uniform(other, b.low, b.high), "upstream": Uniform(out)}
        return Variation(name, draws=draws)

    return Exercise(
        name=name,
        kind="operation",
        points=points,
        inputs={"a": MATRIX, "b": b},
        output=MATRIX,
        options={"expression": f"a {symbol} b"},
        variations=(
            *USUAL,
            shaped("a row and a matrix", "4", "3 4"),
            shaped("a matrix and a column", "3 4", "3 1"),
            shaped("a column and a row", "3 1", "4"),
            shaped("a matrix and a number", "3 4", ""),
            shaped("two numbers", "", "", ""),
            *more,
        ),
    )


def _of_one(name: str, expression: str, points: int, a: Uniform = MATRIX, *more: Variation):
    """An operation with one operand; the result has the shape of MATRIX."""
    return Exercise(
        name=name,
        kind="operation",
        points={"da": points},
        inputs={"a": a},
        output=MATRIX,
        options={"expression": expression},
        variations=(*USUAL, *more),
    )


def _case(expression: str, a: str, out: str) -> Variation:
    """A variation that is called like its expression."""
    draws = {"a": Uniform(a), "upstream": Uniform(out)}
    return Variation(expression, draws=draws, options={"expression": expression})


def _function(name: str, low: float = -2.0, high: float = 2.0, wide: float = 4.0) -> Exercise:
    """A function of one number, entry by entry; the result keeps the shape."""
    one_number = {"a": Uniform("", low, high), "upstream": Uniform("")}
    far = {"a": Uniform("3 4", low * wide, high * wide)}
    return _of_one(
        name,
        f"a.{name.lower()}()",
        1,
        Uniform("3 4", low, high),
        Variation("one number", draws=one_number),
        Variation("larger values", draws=far),
    )


def _reduction(name: str) -> Exercise:
    """Along every axis, with and without the axis of length one."""
    method = name.lower()
    cases = [
        ("3 4", "axis=None, keepdims=False", ""),
        ("3 4", "axis=None, keepdims=True", "1 1"),
        ("3 4", "axis=0, keepdims=False", "4"),
        ("3 4", "axis=1, keepdims=False", "3"),
        ("4 4", "axis=-1, keepdims=False", "4"),
        ("3 4", "axis=-1, keepdims=True", "3 1"),
        ("2 3 5", "axis=-2, keepdims=False", "2 5"),
    ]
    first, *others = (_case(f"a.{method}({how})", a, out) for a, how, out in cases)
    usual = (
        Variation(one.name, draws=first.draws, options=first.options, calls=one.calls)
        for one in USUAL
    )
    return Exercise(
        name=name,
        kind="operation",
        points={"da": 2},
        inputs={"a": MATRIX},
        output=MATRIX,
        variations=(*usual, *others),
    )


def _stacks(name: str, a: str, b: str, out: str) -> Variation:
    return Variation(name, draws={"a": Uniform(a), "b": Uniform(b), "upstream": Uniform(out)})


def _stretched(name: str, x: str, out: str) -> Variation:
    return Variation(name, draws={"x": Uniform(x), "upstream": Uniform(out)})


def _graph(answer: str, name: str, graph: Drawn | Written, out: str = "7", calls: str = "once"):
    """A case of a single answer: the gradients of all leaves of a graph, in a row."""
    draws = {"graph": graph, "upstream": Uniform(out) if out else Uniform("", 1.0, 1.0)}
    return Variation(name, draws=draws, options={"answers": [answer]}, calls=calls)


PRODUCT = "x = leaf(3, 2)\ny = leaf(3, 2)\nu = x * y\nv = u + 2.0\nw = v * 1.5"
LATE = "x = leaf(3)\ny = leaf(3)\nu = x * y\nv = u * u\nw = v * 3.0\nz = u + w"
SUMS = "x = leaf(3)\ny = leaf(3)\ns = x + y\nz = s + x"  # one array may reach both operands
TREES = (
    _graph("tree", "one after the other", Written(PRODUCT)),
    _graph("tree", "a leaf alone", Written("x = leaf(2, 3)")),
    _graph("tree", "one number", Written("x = leaf()\ny = leaf()\nu = x * y\nv = u + 3.0"), ""),
)
SHARED = (
    _graph("shared", "x * x", Written("x = leaf(3)\ny = x * x")),
    _graph("shared", "x + x", Written("x = leaf(3)\ny = x + x")),
    _graph("shared", "a sum in a sum", Written(SUMS)),
    _graph("shared", "a sum before a sum", Written(SUMS.replace("s + x", "x + s"))),
    _graph("shared", "a diamond", Written("x = leaf(3)\nu = x * 3.0\nv = x + 1.0\ny = u * v")),
    _graph("shared", "used early and late", Written(LATE)),
    _graph("shared", "used late and early", Written(LATE.replace("u + w", "w + u"))),
    *(_graph("shared", f"random graph {n}", Drawn("Add Multiply", 9, "2 2")) for n in (1, 2, 3)),
)
LONG = (
    _graph(
        "long", "5,000 steps", Written("h = leaf(2)\na = leaf(2)\nh = h * 0.999\nh = h + a", 2500)
    ),
)
DOUBLINGS = _graph("long", "forty doublings", Written("h = leaf(2)\nh = h * 0.5\nh = h + h", 40))
STRETCHED = (
    _graph("broadcast", "a row times a column", Written("x = leaf(4)\ny = leaf(3, 1)\nz = x * y")),
    _graph("broadcast", "a number and a matrix", Written("x = leaf()\ny = leaf(3, 2)\nz = x + y")),
    _graph(
        "broadcast",
        "an axis missing and one of length one",
        Written("x = leaf(2, 3, 4)\ny = leaf(1, 4)\nz = y * x"),
    ),
    *(_graph("broadcast", f"random shapes {n}", Drawn("Add Multiply", 6)) for n in (1, 2)),
)
INTEGERS = Written("x = leaf(3)\nn = Tensor([1, 2, 3])\ny = x * n\nz = n + y")
TWICE = (
    _graph("accumulated", "two passes", Written(LATE), calls="twice"),
    _graph("accumulated", "two graphs on the same leaves", Written(PRODUCT), calls="reused"),
    _graph("accumulated", "another graph in between", Written(PRODUCT), calls="between"),
    _graph("accumulated", "constants that are integers", INTEGERS, calls="twice"),
)

ARITHMETIC = "Add Subtract Multiply Divide Power"
FUNCTIONS = "ReLU Tanh Sigmoid Exp Log"
REDUCTIONS = "Sum Mean Max"
SHAPES = "MatMul Reshape Transpose Index"
PLAIN = """x = leaf(3, 4)
a = 3.0 - x
b = 2.0 / a
c = np.array([1.5, -0.5, 2.0, 1.0]) * b
d = c + 1.5
e = np.array([0.5, 1.0, 1.5, 2.0]) - d
f = e ** 3.0"""
EXPONENTS = """x = leaf(3, 1)
y = leaf(4)
a = x ** y
b = 2.0 ** y
c = a / b
d = c.max(axis=1, keepdims=True)
e = c - d
f = e.exp()
g = f.sum(axis=0, keepdims=False)
h = g.log()"""
PLAIN_MATRIX = """x = leaf(3, 2)
a = np.array([[1.0, 0.5, -1.0], [2.0, 1.0, 0.0]]) @ x
b = a.transpose()
c = b @ np.array([[0.5, 1.0], [-1.5, 2.0]])
d = c[:, 1]
e = d[[0, 1, 1]]"""


def _whole(family: str, name: str, graph: Drawn | Written) -> Variation:
    return _graph(family, name, graph, out="")


def _row(*names: str, size: int = 48) -> dict[str, Uniform]:
    return {name: Uniform(str(size), 0.5, 2.0) for name in names}


EXERCISES = (
    _of_two("Add", "+", {"da": 1, "db": 1}),
    _of_two("Subtract", "-", {"da": 1, "db": 1}),
    _of_two("Multiply", "*", {"da": 1, "db": 1}),
    _of_two(
        "Divide",
        "/",
        {"da": 1, "db": 2},
        Uniform("3 4", 0.5, 2.0),
        Variation("a negative b", draws={"b": Uniform("3 4", -2.0, -0.5)}),
    ),
    _of_one(
        "Power",
        "a ** 3.0",
        2,
        Uniform("3 4", 0.5, 2.0),
        *(
            Variation(f"a ** {n}", options={"expression": f"a ** {n}"})
            for n in ("2.0", "0.5", "-1.5", "np.array([1.0, 2.0, -1.0, 0.5])")
        ),
        Variation("a negative base", draws={"a": Uniform("3 4", -2.0, -0.5)}),
    ),
    _function("ReLU"),
    _function("Tanh"),
    _function("Sigmoid"),
    _function("Exp"),
    _function("Log", 0.5, 3.0),
    Exercise(
        name="MatMul",
        kind="operation",
        points={"da": 2, "db": 2},
        inputs={"a": MATRIX, "b": Uniform("4 2")},
        output=Uniform("3 2"),
        options={"expression": "a @ b"},
        variations=(
            *USUAL,
            _stacks("one row", "1 4", "4 2", "1 2"),
            _stacks("square matrices", "3 3", "3 3", "3 3"),
            _stacks("two stacks", "2 3 4", "2 4 5", "2 3 5"),
            _stacks("a stack and a matrix", "2 3 4", "4 5", "2 3 5"),
            _stacks("a matrix and a stack", "3 4", "2 4 5", "2 3 5"),
        ),
    ),
    _reduction("Sum"),
    _reduction("Mean"),
    _reduction("Max"),
    _of_one(
        "Reshape",
        "a.reshape(3, 4)",
        1,
        Uniform("2 6"),
        _case("a.reshape(-1)", "3 4", "12"),
        _case("a.reshape(2, 2, 3)", "3 4", "2 2 3"),
    ),
    _of_one(
        "Transpose",
        "a.transpose(1, 0)",
        2,
        Uniform("4 3"),
        _case("a.transpose()", "2 3 4", "4 3 2"),
        _case("a.transpose(1, 2, 0)", "2 3 4", "3 4 2"),
        _case("a.transpose(0, 2, 1)", "2 3 4", "2 4 3"),
    ),
    _of_one(
        "Index",
        "a[[0, 2, 2]]",
        3,
        Uniform("5 4"),
        _case("a[1]", "3 4", "4"),
        _case("a[1:]", "3 4", "2 4"),
        _case("a[:, -1]", "3 4", "3"),
        _case("a[::2, 1:3]", "3 4", "2 2"),
        _case("a[[0, 2, 2], [1, 3, 3]]", "3 4", "3"),
    ),
    Exercise(
        name="unbroadcast",
        kind="unbroadcast",
        points={"dx": 3},
        inputs={"x": Uniform("4")},
        output=MATRIX,
        variations=(
            _stretched("an axis missing", "4", "3 4"),
            _stretched("an axis of length one", "3 1", "3 4"),
            _stretched("both", "1 4", "2 3 4"),
            _stretched("two axes missing", "4", "2 3 4"),
            _stretched("two axes of length one", "2 1 1", "2 3 4"),
            _stretched("the first and the last", "3 1", "2 3 4"),
            _stretched("one in the middle", "2 1 4", "2 3 4"),
            _stretched("a number", "", "3 4"),
            _stretched("nothing to sum", "3 4", "3 4"),
            _stretched("an axis of length one that stays", "3 1", "3 1"),
            _stretched("two numbers", "", ""),
        ),
    ),
    Exercise(
        name="topological_order",
        kind="order",
        points={"tree": 1, "shared": 2, "long": 2},
        inputs={"graph": Written(LATE), **_row("tree", "shared", size=12), **_row("long", size=4)},
        output=Uniform("7"),
        variations=(*TREES, *SHARED, *LONG),
    ),
    Exercise(
        name="backpropagate",
        kind="backpropagate",
        points={"tree": 2, "shared": 3, "broadcast": 2, "accumulated": 2, "long": 1},
        inputs={
            "graph": Written(LATE),
            **_row("tree", "shared", "accumulated", size=12),
            **_row("broadcast"),
            **_row("long", size=4),
        },
        output=Uniform("7"),
        variations=(*TREES, *SHARED, *STRETCHED, *TWICE, *LONG, DOUBLINGS),
    ),
    Exercise(
        name="zero_grad",
        kind="zero_grad",
        points={"da": 1, "db": 1},
        inputs={"a": MATRIX, "b": MATRIX},
        output=MATRIX,
        options={"expression": "a * b"},
        variations=(
            Variation("random values"),
            Variation("numbers", draws={n: Uniform("") for n in ("a", "b", "upstream")}),
        ),
    ),
    Exercise(
        name="no_grad",
        kind="no_grad",
        points={"da": 1, "db": 1},
        inputs={"a": MATRIX, "b": MATRIX},
        output=MATRIX,
        variations=(
            Variation("a block", options={"how": "plain"}),
            Variation("a block in a block", options={"how": "nested"}),
            Variation("a block left by an exception", options={"how": "raises"}),
        ),
    ),
    Exercise(
        name="gradients",
        kind="expressions",
        points={"arithmetic": 1, "functions": 1, "reductions": 1, "shapes": 1, "everything": 2},
        inputs={
            "graph": Written(PLAIN),
            **_row("arithmetic", "functions", "reductions", "shapes", "everything"),
        },
        output=Uniform(""),
        variations=(
            _whole("arithmetic", "plain numbers and arrays", Written(PLAIN)),
            _whole("arithmetic", "a sum in a sum", Written(SUMS)),
            _whole("arithmetic", "arithmetic", Drawn(ARITHMETIC, 7)),
            _whole("functions", "functions", Drawn(f"{FUNCTIONS} Multiply", 7)),
            _whole("reductions", "reductions", Drawn(f"{REDUCTIONS} Multiply Add", 7)),
            _whole("shapes", "matrices and indices", Written(PLAIN_MATRIX)),
            _whole("shapes", "shapes", Drawn(f"{SHAPES} Multiply Add", 7)),
            _whole("everything", "Tensors as exponents", Written(EXPONENTS)),
            *(
                _whole(
                    "everything",
                    f"everything {n}",
                    Drawn(f"{ARITHMETIC} {FUNCTIONS} {REDUCTIONS} {SHAPES}", 12),
                )
                for n in (1, 2, 3)
            ),
        ),
    ),
)
