"""Draws whose sample is an expression graph: the bytes of its text, for grader.graphs to parse.

A random graph must compute something differentiable wherever its leaves lie between LOW and HIGH.
So of every line the bounds of its values are known, and an operation is taken only where they
allow it: no logarithm near zero, no division by what may vanish, no overflow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from grader import graphs

LOW, HIGH = 0.5, 2.0  # the leaves of a random graph
LARGEST = 8.0  # value that a line may reach
SMALLEST = 0.3  # distance from zero of what is divided by or has its logarithm taken
STEEPEST = 3.0  # argument at which tanh and sigmoid still have a slope worth comparing
SHAPES = ((3, 4), (4,), (3, 1), (), (4, 2), (2, 3, 4))
MOST_LEAVES = 4
ENTRIES = 48  # of the row from which the leaves of a random graph are taken, at most
TRIES = 12  # of every operation


@dataclass(frozen=True)
class Written:
    """Always the same graph. The lines after those that make leaves stand there `repeat` times."""

    text: str
    repeat: int = 1

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        lines = self.text.split("\n")
        leaves = [line for line in lines if " = leaf(" in line]
        return _bytes(leaves + [line for line in lines if line not in leaves] * self.repeat)


@dataclass(frozen=True)
class Drawn:
    """A random graph of the operations that are named, with up to so many lines besides leaves.

    The root depends on all lines, and on some of them in several ways.

    shape: of all leaves, as numbers; else the leaves have several, which broadcast
    """

    operations: str
    lines: int
    shape: str = ""

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        while True:
            growing = _Growing(rng, self.operations.split(), _shapes(rng, self.shape))
            graph = graphs.needed(growing.grown(self.lines))
            names = [name for step in graph for name in step.names]
            inner = sum(step.operation != graphs.LEAF for step in graph)
            if inner > self.lines // 2 and len(names) > len(set(names)):
                return _bytes([graphs.line(step) for step in graph])


def _shapes(rng: np.random.Generator, shape: str) -> list[tuple[int, ...]]:
    """Those of the leaves."""
    if shape:
        return [tuple(map(int, shape.split()))] * (MOST_LEAVES - 1)
    found: list[tuple[int, ...]] = []
    for at in rng.permutation(len(SHAPES))[:MOST_LEAVES]:
        if sum(map(math.prod, [*found, SHAPES[at]])) <= ENTRIES:
            found.append(SHAPES[at])
    return found


def _bytes(lines: list[str]) -> np.ndarray:
    return np.frombuffer("\n".join(lines).encode(), np.uint8)


@dataclass(frozen=True)
class _Node:
    """text: a name or, of a constant, the constant
    tied: entries of it may be equal, so that a maximum of them has no gradient"""

    text: str
    shape: tuple[int, ...]
    low: float
    high: float
    tied: bool = False


class _Growing:
    """A graph to which one line after the other is added."""

    def __init__(
        self, rng: np.random.Generator, operations: list[str], shapes: list[tuple[int, ...]]
    ) -> None:
        self._rng, self._operations, self._shapes = rng, operations, shapes
        self._broadcasts = len(set(shapes)) > 1
        self._lines: list[str] = []
        self._nodes: list[_Node] = []
        self._unread: list[_Node] = []  # no line depends on them yet

    def grown(self, lines: int) -> graphs.Graph:
        for shape in self._shapes:
            sizes = ", ".join(map(str, shape))
            self._add(_Node(f"leaf({sizes})", shape, LOW, HIGH), ())
        wanted = len(self._lines) + lines
        for _ in range(TRIES):
            for operation in self._rng.permutation(self._operations):
                if len(self._lines) < wanted:
                    self._try(str(operation))
        return graphs.parse("\n".join(self._lines))

    def _try(self, operation: str) -> None:
        """Add a line with this operation, if the operands that are drawn for it allow it."""
        one, other = self._operand(), self._other(operation)
        if operation in graphs.SYMBOLS and self._rng.integers(2):
            one, other = other, one
        found = RULES[operation](self._rng, one, other)
        if found is None or max(abs(found.low), abs(found.high)) > LARGEST:
            return
        read = [one, other] if operation in graphs.SYMBOLS else [one]
        known = {node.text: np.ones(node.shape) for node in read}
        try:
            (value,) = graphs.forward(graphs.parse(found.text), known, np.zeros(0))
        except (ValueError, IndexError):  # shapes that do not go together
            return
        is_stretched = (
            len(read) > 1
            and operation != "MatMul"
            and not any(node.text.isidentifier() and node.shape == value.shape for node in read)
        )  # then entries of the result are made of the same numbers
        tied = operation in ("ReLU", "Index") or is_stretched or any(node.tied for node in read)
        self._add(replace(found, shape=value.shape, tied=tied), read)

    def _add(self, node: _Node, read: tuple[_Node, ...] | list[_Node]) -> None:
        name = f"{'v' if read else 'x'}{len(self._lines) + 1}"
        self._lines.append(f"{name} = {node.text}")
        added = replace(node, text=name)
        self._nodes.append(added)
        self._unread = [one for one in self._unread if one not in read] + [added]

    def _operand(self) -> _Node:
        """Rather one that no line depends on, so that in the end all lines lead to the root."""
        nodes = self._nodes if self._rng.integers(3) == 0 else self._unread
        return nodes[self._rng.integers(len(nodes))]

    def _other(self, operation: str) -> _Node:
        choice = self._rng.integers(6)
        if operation in ("MatMul", "Power") or choice > 1:
            axes = 2 if operation == "MatMul" else 0
            fit = [node for node in self._nodes if len(node.shape) >= axes]
            return fit[self._rng.integers(len(fit))] if fit else self._nodes[0]
        values = self._rng.integers(2, 9, 4) / 4
        if choice == 0 or not self._broadcasts:
            value = float(values[0] * (-1) ** self._rng.integers(2))
            return _Node(repr(value), (), value, value)
        low, high = float(values.min()), float(values.max())
        return _Node(f"np.array({values.tolist()!r})", (4,), low, high)


Rule = Callable[[np.random.Generator, _Node, _Node], _Node | None]


def _corners(symbol: str, combine: Callable[[float, float], float]) -> Rule:
    def rule(rng: np.random.Generator, a: _Node, b: _Node) -> _Node | None:
        if symbol in "-/" and (a is b or not (a.shape or b.shape)):
            return None
        if symbol == "/" and b.low < SMALLEST and b.high > -SMALLEST:
            return None
        ends = [combine(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        return _Node(f"{a.text} {symbol} {b.text}", (), min(ends), max(ends))

    return rule


def _matmul(rng: np.random.Generator, a: _Node, b: _Node) -> _Node | None:
    if min(len(a.shape), len(b.shape)) <= 1:
        return None
    product = _corners("@", lambda x, y: x * y * a.shape[-1])
    return product(rng, a, b)


def _power(rng: np.random.Generator, a: _Node, _: _Node) -> _Node | None:
    exponent = float(rng.choice([2.0, 3.0, 0.5, -1.0, -1.5]))
    if a.low < SMALLEST:
        return None
    ends = sorted((a.low**exponent, a.high**exponent))
    return _Node(f"{a.text} ** {exponent}", (), *ends)


def _rising(
    method: str, function: Callable[[float], float], low: float = -LARGEST, high: float = LARGEST
) -> Rule:
    """A function that rises, between these bounds."""

    def rule(_: np.random.Generator, a: _Node, __: _Node) -> _Node | None:
        if a.low < low or a.high > high:
            return None
        return _Node(f"{a.text}.{method}()", (), function(a.low), function(a.high))

    return rule


def _reduction(method: str) -> Rule:
    def rule(rng: np.random.Generator, a: _Node, _: _Node) -> _Node | None:
        if not a.shape or (method == "max" and a.tied):
            return None
        axis = int(rng.integers(len(a.shape))) if rng.integers(4) else None
        count = math.prod(a.shape if axis is None else a.shape[axis : axis + 1])
        times = count if method == "sum" else 1
        text = f"{a.text}.{method}(axis={axis}, keepdims={bool(rng.integers(2))})"
        return _Node(text, (), a.low * times, a.high * times)

    return rule


def _reshape(rng: np.random.Generator, a: _Node, _: _Node) -> _Node | None:
    if len(a.shape) <= 1:
        return None
    shape = a.shape[::-1] if rng.integers(2) else (math.prod(a.shape),)
    return _Node(f"{a.text}.reshape({', '.join(map(str, shape))})", (), a.low, a.high)


def _transpose(rng: np.random.Generator, a: _Node, _: _Node) -> _Node | None:
    axes = ", ".join(map(str, rng.permutation(len(a.shape))))
    text = f"{a.text}.transpose({axes})"
    return _Node(text, (), a.low, a.high) if len(a.shape) > 1 else None


def _index(rng: np.random.Generator, a: _Node, _: _Node) -> _Node | None:
    if not a.shape:
        return None
    size = a.shape[0]
    places = rng.integers(0, size, size + 1).tolist()  # one of them at least occurs twice
    key = str(rng.choice([str(places), "-1", f"{size // 2}:"]))
    return _Node(f"{a.text}[{key}]", (), a.low, a.high)


def _relu(rng: np.random.Generator, a: _Node, b: _Node) -> _Node | None:
    """Where some entries are negative, or may be."""
    return _rising("relu", lambda x: max(x, 0.0))(rng, a, b) if a.low < 0 else None


RULES: Mapping[str, Rule] = {
    "Add": _corners("+", lambda x, y: x + y),
    "Subtract": _corners("-", lambda x, y: x - y),
    "Multiply": _corners("*", lambda x, y: x * y),
    "Divide": _corners("/", lambda x, y: x / y),
    "Power": _power,
    "MatMul": _matmul,
    "Sum": _reduction("sum"),
    "Mean": _reduction("mean"),
    "Max": _reduction("max"),
    "ReLU": _relu,
    "Tanh": _rising("tanh", math.tanh, -STEEPEST, STEEPEST),
    "Sigmoid": _rising("sigmoid", lambda x: 1 / (1 + math.exp(-x)), -STEEPEST, STEEPEST),
    "Exp": _rising("exp", math.exp, high=math.log(LARGEST)),
    "Log": _rising("log", math.log, low=SMALLEST),
    "Reshape": _reshape,
    "Transpose": _transpose,
    "Index": _index,
}
