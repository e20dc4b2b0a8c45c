# expect: Add correct 2 / 2
# expect: Subtract correct 2 / 2
# expect: Multiply correct 2 / 2
# expect: Divide correct 3 / 3
# expect: Power correct 2 / 2
# expect: ReLU correct 1 / 1
# expect: Tanh correct 1 / 1
# expect: Sigmoid correct 1 / 1
# expect: Exp correct 1 / 1
# expect: Log correct 1 / 1
# expect: MatMul correct 4 / 4
# expect: Sum correct 2 / 2
# expect: Mean correct 2 / 2
# expect: Max correct 2 / 2
# expect: Reshape correct 1 / 1
# expect: Transpose correct 2 / 2
# expect: Index correct 3 / 3
# expect: unbroadcast correct 3 / 3
# expect: topological_order correct 5 / 5
# expect: backpropagate correct 10 / 10
# expect: zero_grad correct 2 / 2
# expect: no_grad correct 2 / 2
# expect: gradients correct 6 / 6
# the classes of the page with other bodies: loops, einsum, single numbers, a search from the leaves
import collections
import itertools

import numpy as np


class Add:
    def forward(self, a, b):
        self.shapes = a.shape, b.shape
        return a + b

    def backward(self, upstream):
        return tuple(unbroadcast(upstream, shape) for shape in self.shapes)


class Subtract:
    def forward(self, a, b):
        return a - b

    def backward(self, upstream):
        return [1.0 * upstream, -1.0 * upstream]


class Multiply:
    def forward(self, a, b):
        self.operands = a, b
        return a * b

    def backward(self, upstream):
        a, b = self.operands
        return unbroadcast(upstream * b, a.shape), unbroadcast(upstream * a, b.shape)


class Divide:
    def forward(self, a, b):
        self.b, self.y = b, a / b
        return self.y

    def backward(self, upstream):
        da = upstream / self.b
        return da, -da * self.y


class Power:
    def __init__(self, exponent):
        self.n = exponent

    def forward(self, a):
        self.a = a
        return a**self.n

    def backward(self, upstream):
        return np.asarray(self.a ** (np.asarray(self.n) - 1.0)) * self.n * upstream


class ReLU:
    def forward(self, a):
        self.negative = a <= 0
        return np.where(self.negative, 0.0, a)

    def backward(self, upstream):
        gradient = np.array(upstream)
        gradient[self.negative] = 0.0
        return gradient


class Tanh:
    def forward(self, a):
        self.a = a
        return np.tanh(a)

    def backward(self, upstream):
        return upstream / np.cosh(self.a) ** 2


class Sigmoid:
    def forward(self, a):
        self.y = 0.5 * (1 + np.tanh(a / 2))
        return self.y

    def backward(self, upstream):
        return (upstream * (self.y - self.y**2),)


class Exp:
    def forward(self, a):
        self.a = a
        return np.exp(a)

    def backward(self, upstream):
        return np.exp(self.a) * upstream


class Log:
    def forward(self, a):
        self.slope = 1 / a
        return np.log(a)

    def backward(self, upstream):
        return upstream * self.slope


class MatMul:
    def forward(self, a, b):
        self.a, self.b = a, b
        return a @ b

    def backward(self, upstream):
        da = np.einsum("...ik,...jk->...ij", upstream, self.b)
        db = np.einsum("...ji,...jk->...ik", self.a, upstream)
        return unbroadcast(da, self.a.shape), unbroadcast(db, self.b.shape)


class Sum:
    def __init__(self, axis=None, keepdims=False):
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a):
        self.a = a
        return np.sum(a, self.axis, keepdims=self.keepdims)

    def backward(self, upstream):
        if self.axis is not None and not self.keepdims:
            upstream = np.expand_dims(upstream, self.axis)
        return upstream * np.ones_like(self.a)


class Mean:
    def __init__(self, axis=None, keepdims=False):
        self.axis, self.sum = axis, Sum(axis, keepdims)

    def forward(self, a):
        self.count = a.size if self.axis is None else a.shape[self.axis]
        return self.sum.forward(a) / self.count

    def backward(self, upstream):
        return self.sum.backward(upstream) / self.count


class Max:
    def __init__(self, axis=None, keepdims=False):
        self.axis, self.keepdims = axis, keepdims

    def forward(self, a):
        self.a = a
        return np.max(a, axis=self.axis, keepdims=self.keepdims)

    def backward(self, upstream):
        gradient = np.zeros(self.a.shape)
        if self.axis is None:
            gradient.flat[np.argmax(self.a)] = np.ravel(upstream)[0]
            return gradient
        if not self.keepdims:
            upstream = np.expand_dims(upstream, self.axis)
        where = np.expand_dims(np.argmax(self.a, self.axis), self.axis)
        np.put_along_axis(gradient, where, upstream, self.axis)
        return gradient


class Reshape:
    def __init__(self, shape):
        self.new = shape

    def forward(self, a):
        self.old = a.shape
        return a.reshape(self.new)

    def backward(self, upstream):
        return np.array(list(upstream.flat)).reshape(self.old)


class Transpose:
    def __init__(self, axes=None):
        self.axes = axes

    def forward(self, a):
        return np.transpose(a, self.axes)

    def backward(self, upstream):
        if self.axes is None:
            return upstream.T
        back = [0] * len(self.axes)
        for new, old in enumerate(self.axes):
            back[old] = new
        return upstream.transpose(back)


class Index:
    def __init__(self, key):
        self.key = key

    def forward(self, a):
        self.shape = a.shape
        return a[self.key]

    def backward(self, upstream):
        places = np.arange(int(np.prod(self.shape))).reshape(self.shape)[self.key]
        gradient = np.zeros(self.shape)
        for place, value in zip(np.ravel(places), np.ravel(upstream), strict=True):
            gradient.flat[place] += value
        return gradient


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


def unbroadcast(gradient, shape):
    longer = (1,) * (gradient.ndim - len(shape)) + tuple(shape)
    total = np.zeros(longer)
    for place in itertools.product(*map(range, gradient.shape)):
        total[tuple(min(i, n - 1) for i, n in zip(place, longer, strict=True))] += gradient[place]
    return total.reshape(shape)


def topological_order(root):
    order, entered, todo = [], set(), [(root, False)]
    while todo:
        node, is_done = todo.pop()
        if is_done:
            order.append(node)
        elif id(node) not in entered:
            entered.add(id(node))
            todo.append((node, True))
            for parent in node.parents:
                todo.append((parent, False))
    return order


def backpropagate(root, upstream=None):
    """Without topological_order: a Tensor is ready when all that use it have handed on."""
    uses, found = collections.Counter(), [root]
    seen = {root}
    for node in found:
        for parent in node.parents:
            uses[parent] += 1
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    collected = {root: np.ones_like(root.data) if upstream is None else upstream}
    ready = collections.deque([root])
    while ready:
        node = ready.popleft()
        gradient = collected.pop(node)
        node.grad = node.grad + gradient
        for parent, handed in zip(node.parents, node.local_gradients(gradient), strict=True):
            one = unbroadcast(np.asarray(handed), parent.data.shape)
            collected[parent] = collected[parent] + one if parent in collected else one
            uses[parent] -= 1
            if uses[parent] == 0:
                ready.append(parent)


def zero_grad(*tensors):
    for tensor in tensors:
        tensor.grad[...] = 0


class no_grad:
    def __enter__(self):
        self.before, Tensor.recording = Tensor.recording, False

    def __exit__(self, kind, error, trace):
        Tensor.recording = self.before


def gradients(f, *arrays):
    leaves = list(map(Tensor, arrays))
    backpropagate(f(*leaves))
    return [leaf.grad for leaf in leaves]
