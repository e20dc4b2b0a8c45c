"""Expression graphs as text, and what NumPy makes of them.

    a = leaf(3, 4)
    b = leaf(4)
    c = a * b
    d = c.sum(axis=0)

A line is one operation, the last line is the root. The text is plain data, drawn from a seed or
written by the author of a page; NumPy, torch and a student's Tensor all compute it, each by its
own means. `leaf(3, 4)` is the next piece of a row of numbers; a name that no line sets is an
input; `Tensor([1, 2])` is a constant, and so are plain numbers and `np.array([1.0, 2.0])`.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

LEAF, CONSTANT = "Leaf", "Tensor"
SYMBOLS = {
    "Add": "+",
    "Subtract": "-",
    "Multiply": "*",
    "Divide": "/",
    "Power": "**",
    "MatMul": "@",
}
METHODS = {
    "Sum": "sum",
    "Mean": "mean",
    "Max": "max",
    "ReLU": "relu",
    "Tanh": "tanh",
    "Sigmoid": "sigmoid",
    "Exp": "exp",
    "Log": "log",
    "Reshape": "reshape",
    "Transpose": "transpose",
}

Value = TypeVar("Value")


@dataclass(frozen=True)
class Step:
    """One line.

    operation: "Leaf", "Tensor", "Index", or a name of SYMBOLS or METHODS
    operands: names, and numbers or nested lists
    arguments: of the method, or the index
    """

    target: str
    operation: str
    operands: tuple[Any, ...] = ()
    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        return [one for one in self.operands if isinstance(one, str)]


Graph = tuple[Step, ...]


@lru_cache(maxsize=256)
def parse(text: str) -> Graph:
    """The steps of a text; a line that is a mere expression sets the name "out".

    Raises:
        ValueError: a line is none of the forms above
    """
    return tuple(_step(line) for line in text.split("\n"))


@lru_cache(maxsize=4096)
def _step(line: str) -> Step:
    try:
        statement = ast.parse(line).body[0]
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value):
                return Step(target, *_operation(value))
            case ast.Expr(value=value):
                return Step("out", *_operation(value))
    except (SyntaxError, IndexError, KeyError, ValueError) as error:
        raise ValueError(f"no operation of a graph: {line!r}") from error
    raise ValueError(f"no operation of a graph: {line!r}")


_OPERATORS = dict(
    zip((ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult), SYMBOLS, strict=True)
)
_CALLED = {method: name for name, method in METHODS.items()}


def _operation(node: ast.expr) -> tuple[Any, ...]:
    match node:
        case ast.BinOp(left=left, op=symbol, right=right):
            return _OPERATORS[type(symbol)], (_operand(left), _operand(right))
        case ast.Subscript(value=ast.Name(id=name), slice=key):
            return "Index", (name,), (_key(key),)
        case ast.Call(func=ast.Name(id="leaf"), args=sizes):
            return LEAF, (), tuple(map(ast.literal_eval, sizes))
        case ast.Call(func=ast.Name(id="Tensor"), args=[values]):
            return CONSTANT, (ast.literal_eval(values),)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
            options = {str(one.arg): ast.literal_eval(one.value) for one in node.keywords}
            return _CALLED[method], (name,), tuple(map(ast.literal_eval, node.args)), options
    raise ValueError(ast.unparse(node))


def _operand(node: ast.expr) -> Any:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np"), attr="array"), args=[values]):
            return list(ast.literal_eval(values))
    return ast.literal_eval(node)


def _key(node: ast.expr) -> Any:
    """An index: numbers, slices, lists of numbers, and tuples of these."""
    match node:
        case ast.Tuple(elts=several):
            return tuple(map(_key, several))
        case ast.Slice(lower=lower, upper=upper, step=step):
            return slice(*(one and ast.literal_eval(one) for one in (lower, upper, step)))
    return ast.literal_eval(node)


def line(step: Step) -> str:
    """The text of one step."""
    is_constant = step.operation == CONSTANT
    written = repr if is_constant else _plain
    operands = [one if isinstance(one, str) else written(one) for one in step.operands]
    given = [repr(one) for one in step.arguments]
    given += [f"{name}={value!r}" for name, value in step.options.items()]
    if step.operation == LEAF:
        value = f"leaf({', '.join(given)})"
    elif is_constant:
        value = f"Tensor({operands[0]})"
    elif step.operation in SYMBOLS:
        value = f" {SYMBOLS[step.operation]} ".join(operands)
    elif step.operation == "Index":
        value = f"{operands[0]}[{_index(step.arguments[0])}]"
    else:
        value = f"{operands[0]}.{METHODS[step.operation]}({', '.join(given)})"
    return f"{step.target} = {value}"


def _plain(value: Any) -> str:
    return f"np.array({value!r})" if isinstance(value, list) else repr(value)


def _index(key: Any) -> str:
    if isinstance(key, slice):
        ends = ["" if one is None else str(one) for one in (key.start, key.stop)]
        return ":".join(ends) + (f":{key.step}" if key.step is not None else "")
    return ", ".join(map(_index, key)) if isinstance(key, tuple) else repr(key)


def trace(
    graph: Graph, known: Mapping[str, Value], apply: Callable[[Step, list[Any]], Value]
) -> list[Value]:
    """The value of every line, in turn.

    known: the values of names that no line sets
    apply: from a step and the values of its operands to its own; plain numbers come as arrays or
        as they are
    """
    names, values = dict(known), list[Value]()
    for step in graph:
        operands = [names[one] if isinstance(one, str) else constant(one) for one in step.operands]
        values.append(apply(step, operands))
        names[step.target] = values[-1]
    return values


def constant(value: Any) -> Any:
    return np.array(value) if isinstance(value, list) else value


class Pieces:
    """A row of numbers, handed out from the front; leaves are made of it."""

    def __init__(self, row: np.ndarray) -> None:
        self._row, self._at = row, 0

    def take(self, sizes: Sequence[int]) -> np.ndarray:
        start, self._at = self._at, self._at + math.prod(sizes)
        if self._at > self._row.size:
            raise ValueError(f"the leaves of the graph need more than {self._row.size} numbers")
        return self._row[start : self._at].reshape(sizes)


def forward(graph: Graph, known: Mapping[str, np.ndarray], row: np.ndarray) -> list[np.ndarray]:
    """What NumPy makes of every line; row has the numbers of the leaves."""
    pieces = Pieces(row)

    def apply(step: Step, operands: list[Any]) -> np.ndarray:
        if step.operation == LEAF:
            return pieces.take(step.arguments)
        if step.operation == "Index":
            return np.asarray(operands[0][key_of(step)])
        return np.asarray(_NUMPY[step.operation](*operands, *step.arguments, **step.options))

    with np.errstate(all="ignore"):  # far from the values a graph is made for, only nan
        return trace(graph, known, apply)


def key_of(step: Step) -> Any:
    """What stands between the brackets of an Index, lists as arrays of integers."""
    key = step.arguments[0]
    return tuple(map(constant, key)) if isinstance(key, tuple) else constant(key)


_NUMPY: Mapping[str, Callable[..., Any]] = {
    "Tensor": lambda values: np.array(values, dtype=float),
    "Add": np.add,
    "Subtract": np.subtract,
    "Multiply": np.multiply,
    "Divide": np.divide,
    "Power": lambda a, exponent: a**exponent,
    "MatMul": np.matmul,
    "Sum": np.sum,
    "Mean": np.mean,
    "Max": np.max,
    "ReLU": lambda a: np.maximum(a, 0.0),
    "Tanh": np.tanh,
    "Sigmoid": lambda a: np.exp(-np.logaddexp(0.0, -a)),
    "Exp": np.exp,
    "Log": np.log,
    "Reshape": lambda a, *sizes: np.reshape(a, sizes),
    "Transpose": lambda a, *axes: np.transpose(a, axes or None),
}


def weights(upstream: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """A gradient for a root of this shape: the numbers of upstream, over and over."""
    return np.resize(upstream, tuple(sizes))


def weighted(root: np.ndarray, upstream: np.ndarray) -> np.ndarray:
    """An array of upstream's shape that, times upstream, adds up to root times its weights."""
    places = np.arange(root.size) % upstream.size
    sums = np.bincount(places, weights=root.ravel(), minlength=upstream.size)
    return sums.reshape(upstream.shape)


def needed(graph: Graph) -> Graph:
    """The lines on which the last one depends."""
    kept, wanted = list[Step](), {graph[-1].target}
    for step in reversed(graph):
        if step.target in wanted:
            kept.append(step)
            wanted = wanted - {step.target} | set(step.names)
    return tuple(reversed(kept))


def sources(graph: Graph) -> list[list[int | None]]:
    """For every operand of every line the number of the line that made it, None for others."""
    made, found = dict[str, int](), list[list[int | None]]()
    for number, step in enumerate(graph):
        found.append([made.get(one) if isinstance(one, str) else None for one in step.operands])
        made[step.target] = number
    return found
