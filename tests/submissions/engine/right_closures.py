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
# no classes of operations: every method of Tensor has its derivative in a closure, all of which add
# to a grad that begins as None
import numpy as np


class no_grad:
    depth = 0

    def __enter__(self):
        no_grad.depth += 1

    def __exit__(self, *error):
        no_grad.depth -= 1


def unbroadcast(gradient, shape):
    while np.ndim(gradient) > len(shape):
        gradient = gradient.sum(0)
    for axis in range(len(shape)):
        if shape[axis] == 1:
            gradient = gradient.sum(axis, keepdims=True)
    return gradient


class Tensor:
    __array_priority__ = 1000

    def __init__(self, data, parents=(), backward=None):
        self.data = np.array(data, dtype=np.float64)
        self.grad = None
        self.collected = None
        self.prev = list(parents) if no_grad.depth == 0 else []
        self.step = backward if no_grad.depth == 0 else None

    def collect(self, gradient):
        gradient = unbroadcast(gradient, self.data.shape)
        self.collected = gradient if self.collected is None else self.collected + gradient

    @staticmethod
    def lift(value):
        return value if isinstance(value, Tensor) else Tensor(value)

    def __add__(self, other):
        other = Tensor.lift(other)

        def step(g):
            self.collect(g)
            other.collect(g)

        return Tensor(self.data + other.data, (self, other), step)

    __radd__ = __add__

    def __neg__(self):
        return Tensor(-self.data, (self,), lambda g: self.collect(-g))

    def __sub__(self, other):
        return self + -Tensor.lift(other)

    def __rsub__(self, other):
        return Tensor.lift(other) + -self

    def __mul__(self, other):
        other = Tensor.lift(other)

        def step(g):
            self.collect(g * other.data)
            other.collect(g * self.data)

        return Tensor(self.data * other.data, (self, other), step)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self * Tensor.lift(other) ** -1.0

    def __rtruediv__(self, other):
        return Tensor.lift(other) / self

    def __pow__(self, n):
        if isinstance(n, Tensor):
            return (n * self.log()).exp()
        n = np.asarray(n, dtype=float)
        return Tensor(self.data**n, (self,), lambda g: self.collect(g * n * self.data ** (n - 1)))

    def __rpow__(self, base):
        return Tensor.lift(base) ** self

    def __matmul__(self, other):
        other = Tensor.lift(other)

        def step(g):
            self.collect(g @ np.swapaxes(other.data, -1, -2))
            other.collect(np.swapaxes(self.data, -1, -2) @ g)

        return Tensor(self.data @ other.data, (self, other), step)

    def __rmatmul__(self, other):
        return Tensor.lift(other) @ self

    def __getitem__(self, key):
        def step(g):
            whole = np.zeros_like(self.data)
            np.add.at(whole, key, g)
            self.collect(whole)

        return Tensor(self.data[key], (self,), step)

    def sum(self, axis=None, keepdims=False):
        def step(g):
            if axis is not None and not keepdims:
                g = np.expand_dims(g, axis)
            self.collect(g + np.zeros_like(self.data))

        return Tensor(self.data.sum(axis=axis, keepdims=keepdims), (self,), step)

    def mean(self, axis=None, keepdims=False):
        count = self.data.size if axis is None else self.data.shape[axis]
        return self.sum(axis, keepdims) * (1 / count)

    def max(self, axis=None, keepdims=False):
        largest = self.data.max(axis=axis, keepdims=True)
        mask = self.data == largest

        def step(g):
            self.collect(mask * np.reshape(g, largest.shape))

        return Tensor(self.data.max(axis=axis, keepdims=keepdims), (self,), step)

    def relu(self):
        return Tensor(
            np.maximum(self.data, 0), (self,), lambda g: self.collect(g * (self.data > 0))
        )

    def exp(self):
        y = np.exp(self.data)
        return Tensor(y, (self,), lambda g: self.collect(g * y))

    def log(self):
        return Tensor(np.log(self.data), (self,), lambda g: self.collect(g / self.data))

    def tanh(self):
        y = np.tanh(self.data)
        return Tensor(y, (self,), lambda g: self.collect(g * (1 - y * y)))

    def sigmoid(self):
        return ((self * 0.5).tanh() + 1.0) * 0.5

    def reshape(self, *shape):
        old = self.data.shape
        return Tensor(self.data.reshape(*shape), (self,), lambda g: self.collect(g.reshape(old)))

    def transpose(self, *axes):
        axes = axes or tuple(reversed(range(self.data.ndim)))
        back = [axes.index(axis) for axis in range(len(axes))]
        return Tensor(
            np.transpose(self.data, axes), (self,), lambda g: self.collect(np.transpose(g, back))
        )

    def backward(self, upstream=None):
        order = topological_order(self)
        self.collected = np.ones(self.data.shape) if upstream is None else np.array(upstream)
        for node in reversed(order):
            node.grad = node.collected if node.grad is None else node.grad + node.collected
            if node.step is not None:
                node.step(node.collected)
            node.collected = None

    def zero_grad(self):
        self.grad = None


def topological_order(root):
    waiting, found = {}, [root]
    seen = {root}
    for node in found:
        for parent in node.prev:
            waiting[parent] = waiting.get(parent, 0) + 1
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    ready, order = [root], []
    while ready:
        node = ready.pop()
        order.append(node)
        for parent in node.prev:
            waiting[parent] -= 1
            if waiting[parent] == 0:
                ready.append(parent)
    return order[::-1]


def gradients(f, *arrays):
    leaves = [Tensor(one) for one in arrays]
    f(*leaves).sum().backward()
    return tuple(np.zeros(one.data.shape) if one.grad is None else one.grad for one in leaves)
