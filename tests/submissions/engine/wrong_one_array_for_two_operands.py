# expect: Add correct 2 / 2
# expect: unbroadcast correct 3 / 3
# expect: topological_order correct 5 / 5
# expect: backpropagate partial 7 / 10
# expect: gradients partial 5 / 6
# wrong: backpropagate shared
# wrong: gradients arithmetic
# += on the array that Add hands to both of its operands
from contextlib import contextmanager

import numpy as np

class Square:
    """a * a, entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return a**2

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * 2 * self.a

example = Square()
example.forward(np.array([1.0, 2.0, 3.0]))
print("gradient of a:", example.backward(np.array([0.5, 1.0, -1.0])))

from collections import defaultdict

class Add:
    """a + b, entry by entry."""

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return a + b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a and b, in the shape of the result."""
        return upstream, upstream

class Subtract:
    """a - b, entry by entry."""

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return a - b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a and b, in the shape of the result."""
        return upstream, np.negative(upstream)

class Multiply:
    """closure"""
    def forward(self, a, b):
        self.back = lambda g: tuple(map(lambda other: g * other, (b, a)))
        return a * b
    def backward(self, upstream):
        return self.back(upstream)

class Divide:
    __slots__ = ("_q", "_r")
    def forward(self, a: np.ndarray, b: np.ndarray):
        self._r = np.reciprocal(b)
        self._q = a * self._r
        return self._q
    def backward(self, upstream):
        return (da := upstream * self._r), -da * self._q

class Power:
    """a ** exponent, entry by entry; the exponent is a constant."""

    def __init__(self, exponent: float | np.ndarray) -> None:
        self.exponent = exponent

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return a**self.exponent

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of the result."""
        n = np.asarray(self.exponent, dtype=float)
        return upstream * n * np.power(self.a, n - 1)

class ReLU:
    """max(a, 0), entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return np.maximum(a, 0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        dx = upstream.copy()
        dx[self.a <= 0] = 0
        return dx

class Tanh:
    """tanh(a), entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.out = np.tanh(a)
        return self.out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * (1 + self.out) * (1 - self.out)

class Sigmoid:
    """1 / (1 + exp(-a)), entry by entry; safe for every a."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.out = np.exp(-np.logaddexp(0, -a))
        return self.out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return upstream * self.out - upstream * self.out**2

class Exp:
    """exp(a), entry by entry."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.out = np.exp(a)
        return self.out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        g = upstream.copy()
        g *= self.out
        return g

class Log:
    """The natural logarithm of a, entry by entry; a is above 0."""

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a = a
        return np.log(a)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return np.divide(upstream, self.a)

class MatMul:
    """a @ b, matrices or stacks of them.

    Shapes: a (..., n, m), b (..., m, k); the result and upstream (..., n, k).
    """

    def forward(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        self.a, self.b = a, b
        return a @ b

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the gradients of a (..., n, m) and b (..., m, k)."""
        return (np.einsum("...nk,...mk->...nm", upstream, self.b),
                np.einsum("...nm,...nk->...mk", self.a, upstream))

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
        return np.ones(self.shape) * np.reshape(upstream, self.kept)

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
        return np.full(self.shape, 1 / self.count) * np.reshape(upstream, self.kept)

class Max:
    """The largest entry of a along an axis, or of all entries."""

    def __init__(self, axis: int | None = None, keepdims: bool = False) -> None:
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.a, self.largest = a, a.max(axis=self.axis, keepdims=True)
        return a.max(axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return np.where(self.a == self.largest, np.reshape(upstream, self.largest.shape), 0.0)

class Reshape:
    """The entries of a in another shape."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.new_shape = shape

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.shape = a.shape
        return a.reshape(self.new_shape)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        out = np.empty(self.shape)
        out.flat = upstream.ravel()
        return out

class Transpose:
    """The axes of a in another order; None reverses them."""

    def __init__(self, axes: tuple[int, ...] | None = None) -> None:
        self.axes = axes

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.axes = self.axes or tuple(range(a.ndim))[::-1]
        return a.transpose(self.axes)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        return np.moveaxis(upstream, range(upstream.ndim), self.axes)

class Index:
    """a[key]."""

    def __init__(self, key: object) -> None:
        self.key = key

    def forward(self, a: np.ndarray) -> np.ndarray:
        self.shape = a.shape
        return a[self.key]

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return the gradient of a, in the shape of a."""
        places = np.arange(np.prod(self.shape, dtype=int)).reshape(self.shape)[self.key]
        return np.bincount(np.ravel(places), np.ravel(upstream), int(np.prod(self.shape))).reshape(self.shape)

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

def as_tensor(value):
    """Return the Tensor itself, or a new leaf with this number or array."""
    return value if isinstance(value, Tensor) else Tensor(value)

def apply(operation, *operands):
    """Return a Tensor with the operation's result, which remembers its parents."""
    parents = tuple(as_tensor(one) for one in operands)
    data = operation.forward(*(one.data for one in parents))
    return Tensor(data, parents, operation.backward)

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

a, b = Tensor(2), Tensor(3)
c = a * b
d = c + a
print_graph(c * d)


def halved(x):
    while abs(x.data).max() > 1:
        x = x / 2
    return x


for start in (1.5, 6.0):
    print(f"\nhalved({start})")
    print_graph(halved(Tensor(start)))

def unbroadcast(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum the gradient over the axes along which an array of this shape was repeated.

    gradient has the shape of the result; what is returned has the shape wanted.
    """
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            gradient = gradient.sum(axis=i, keepdims=True)
    return gradient

def topological_order(root: Tensor) -> list[Tensor]:
    """Return all Tensors that root depends on, each once and after its parents; root is last."""
    uses, todo = {root: 0}, [root]
    while todo:
        for parent in todo.pop().parents:
            if parent not in uses:
                uses[parent] = 0
                todo.append(parent)
            uses[parent] += 1
    ready, backwards = [root], []
    while ready:
        node = ready.pop()
        backwards.append(node)
        for parent in node.parents:
            uses[parent] -= 1
            if not uses[parent]:
                ready.append(parent)
    return backwards[::-1]

def backpropagate(root: Tensor, upstream: np.ndarray | None = None) -> None:
    """Add to the grad of every Tensor that root depends on, given the gradient of root.

    upstream has the shape of root.data; None stands for ones.
    """
    got = {root: np.ones_like(root.data) if upstream is None else upstream}
    for node in reversed(topological_order(root)):
        node.grad = node.grad + got[node]
        for parent, g in zip(node.parents, node.local_gradients(got[node])):
            g = unbroadcast(g, parent.data.shape)
            if parent in got:
                got[parent] += g
            else:
                got[parent] = g

def zero_grad(*tensors: Tensor) -> None:
    """Set the grad of each of these Tensors to zeros."""
    for t in tensors: t.grad = np.zeros_like(t.data)

@contextmanager
def no_grad():
    """Let Tensors that are computed inside of the block have no parents."""
    before, Tensor.recording = Tensor.recording, False
    try:
        yield
    finally:
        Tensor.recording = before

def gradients(f, *arrays: np.ndarray) -> list[np.ndarray]:
    """Return the gradient of the sum of f(*arrays) for each of the arrays.

    f takes as many Tensors as there are arrays and returns one.
    """
    leaves = [*map(Tensor, arrays)]
    f(*leaves).backward()
    return [leaf.grad for leaf in leaves]
