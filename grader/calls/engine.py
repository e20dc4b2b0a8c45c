"""An autograd engine: its operations, the parts of its backward pass, and all of it on graphs.

Each exercise is called by itself as far as the solution is built like the page: an operation as a
class with forward and backward, the backward pass on Tensors whose local derivatives are ours. What
was written in another style, or left a stub on the page, is called through Tensor, which has to
compute the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader import graphs
from grader.calls.benches import (
    LOCAL,
    Bench,
    OwnNodes,
    TheirNodes,
    bench_for,
    folded,
    keeping_switches,
    standing_in,
)
from grader.calls.modules import having_forward
from grader.calls.record import Arrays, Kind, Namespace, NotDefined, Record
from grader.exercise import Case
from grader.graphs import LEAF, Step

TENSOR = "Tensor"
STRICT = "strict"  # option: an exception ends the case, instead of being its answer
SHARES = {"twice": (0.25, 0.75), "reused": (0.25, 0.75)}  # of upstream, for each of two calls


def text_of(case: Case) -> str:
    """The graph of a case: drawn, or else the author's expression."""
    if "graph" in case.inputs:
        return case.inputs["graph"].tobytes().decode()
    return str(case.options["expression"])


def values(case: Case) -> list[np.ndarray]:
    """What NumPy makes of every line of the case's graph."""
    return graphs.forward(graphs.parse(text_of(case)), case.inputs, _row(case))


def _row(case: Case) -> np.ndarray:
    """The numbers of the leaves: the input that the case asks about."""
    return case.inputs.get(case.answers[0], np.zeros(0))


def _value(_namespace: Namespace, _name: str, case: Case) -> np.ndarray:
    """By NumPy, whatever the solution; so weighted that it has the shape of upstream."""
    return graphs.weighted(values(case)[-1], _upstream(case))


def _upstream(case: Case) -> np.ndarray:
    return np.ones(()) if case.upstream is None else case.upstream


def _defined(namespace: Namespace, name: str, method: str = "") -> list[Any]:
    """What the solution defines under this name, and then as a method of Tensor."""
    found = [namespace.get(name), getattr(namespace.get(TENSOR), method or name, None)]
    return [one for one in found if one is not None]


def _first_written(name: str, ways: Sequence[Callable[[], Any]]) -> Any:
    """What the first of them gives that is no stub."""
    if not ways:
        raise NotDefined(name)
    for way in ways[:-1]:
        try:
            return way()
        except NotImplementedError:
            continue
    return ways[-1]()


def _tensor(namespace: Namespace) -> Any:
    if TENSOR not in namespace:
        raise NameError(f"name {TENSOR!r} is not defined", name=TENSOR)
    return namespace[TENSOR]


class _Alone:
    """An operation as a class with forward and backward on arrays.

    Gradients may have the shape of the result where an operand was broadcast: to sum them up is
    another exercise.
    """

    def __init__(self, solution: Any, _params: Arrays, case: Case) -> None:
        (step,) = graphs.parse(text_of(case))
        self._operation = solution(*_arguments(step))

    def forward(self, *operands: np.ndarray) -> Any:
        self._shapes = [one.shape for one in operands]
        return self._operation.forward(*operands)

    def backward(self, upstream: np.ndarray) -> Any:
        found = self._operation.backward(upstream)
        gradients = found if isinstance(found, tuple | list) else (found,)
        pairs = zip(gradients, self._shapes, strict=False)
        several = tuple(folded(one, shape) for one, shape in pairs)
        return several if len(self._shapes) > 1 else several[0]


def _arguments(step: Step) -> tuple[Any, ...]:
    """What the class of an operation is made with."""
    match step.operation:
        case "Power":
            return (graphs.constant(step.operands[1]),)
        case "Index":
            return (graphs.key_of(step),)
        case "Reshape":
            return (step.arguments,)
        case "Transpose":
            return (step.arguments or None,)
    return tuple(step.options.values())


class _Through:
    """The same operation through Tensor: its operators, its methods, its backward()."""

    def __init__(self, tensor: Any, _params: Arrays, case: Case) -> None:
        self._bench, self._graph = TheirNodes(tensor), graphs.parse(text_of(case))
        self._names = list(case.inputs)

    def forward(self, *operands: np.ndarray) -> Any:
        self._operands = operands
        return self._built()[0].data

    def backward(self, upstream: np.ndarray) -> Any:
        root, leaves = self._built()
        root.backward(upstream)
        gradients = tuple(_gradient(one) for one in leaves)
        return gradients if len(gradients) > 1 else gradients[0]

    def _built(self) -> tuple[Any, list[Any]]:
        leaves = [self._bench.leaf(one.copy()) for one in self._operands]
        known = dict(zip(self._names, leaves, strict=True))
        return graphs.trace(self._graph, known, self._bench.apply)[-1], leaves


def _gradient(leaf: Any) -> Any:
    """Its grad as an array; nothing, and a single 0, stand for zeros."""
    found = np.zeros(()) if leaf.grad is None else np.asarray(leaf.grad)
    return found if found.shape else np.broadcast_to(found, np.shape(leaf.data))


_ALONE, _THROUGH = having_forward(_Alone), having_forward(_Through)


def _play_operation(namespace: Namespace, name: str, case: Case) -> Record:
    ways = [partial(_ALONE.play, namespace, name, case)] if name in namespace else []
    if TENSOR in namespace:
        ways.append(partial(_THROUGH.play, {name: namespace[TENSOR]}, name, case))
    record: Record = _first_written(name, ways)
    return record


def _play_unbroadcast(namespace: Namespace, name: str, case: Case) -> Record:
    """unbroadcast(gradient, shape), where something of this shape was broadcast."""
    shape, upstream = case.inputs["x"].shape, _upstream(case).copy()
    ways = [partial(one, upstream, shape) for one in _defined(namespace, name)]
    return Record({"dx": _first_written(name, ways)}, {"upstream": upstream})


def _broadcast(_namespace: Namespace, _name: str, case: Case) -> np.ndarray:
    return np.broadcast_to(case.inputs["x"], _upstream(case).shape)


class _Run:
    """A graph built on a bench, of leaves that may be used for several."""

    def __init__(self, bench: Bench, case: Case) -> None:
        self._bench, self._case, self._graph = bench, case, graphs.parse(text_of(case))
        arrays = values(case)
        self.upstream = graphs.weights(_upstream(case), arrays[-1].shape)
        self._leaves = {
            number: bench.leaf(arrays[number].copy())
            for number, step in enumerate(self._graph)
            if step.operation == LEAF
        }

    def built(self) -> list[Any]:
        """The Tensor of every line."""
        leaves = iter(self._leaves.values())

        def apply(step: Step, operands: list[Any]) -> Any:
            return next(leaves) if step.operation == LEAF else self._bench.apply(step, operands)

        return graphs.trace(self._graph, {}, apply)

    def gradients(self) -> np.ndarray:
        """Of all leaves in a row, with zeros for the numbers that no leaf has."""
        return in_a_row([_gradient(leaf) for leaf in self._leaves.values()], _row(self._case).size)


def in_a_row(arrays: Sequence[Any], size: int) -> np.ndarray:
    row = np.concatenate([np.zeros(0), *map(np.ravel, arrays)])
    return np.concatenate([row, np.zeros(max(size - row.size, 0))])


def _answered(case: Case, answer: Callable[[], Any]) -> Record:
    """Where it raises, the exception is the answer: other graphs may still come out right."""
    try:
        found = answer()
    except NotImplementedError:
        raise
    except Exception as error:
        if case.options.get(STRICT):
            raise
        found = error
    return Record({case.answers[0]: found}, {})


def _play_order(namespace: Namespace, name: str, case: Case) -> Record:
    """topological_order(root), judged by the gradients that come of going through it backwards."""
    bench = TheirNodes(_tensor(namespace))
    ways = [partial(_in_order, bench, one, case) for one in _defined(namespace, name)]
    return _answered(case, lambda: _first_written(name, ways))


def _in_order(bench: Bench, order_of: Callable[[Any], Any], case: Case) -> np.ndarray:
    """A node that comes too early or not at all gets too little, one that comes twice too much.

    Nodes that are not in our graph, made inside of an operation, do not count.
    """
    run, arrays, graph = _Run(bench, case), values(case), graphs.parse(text_of(case))
    built, sources = run.built(), graphs.sources(graph)
    numbers = {id(node): number for number, node in enumerate(built)}
    found = [numbers[id(node)] for node in order_of(built[-1]) if id(node) in numbers]
    gradients = [np.zeros(array.shape) for array in arrays]
    gradients[-1] = gradients[-1] + run.upstream
    for number in reversed(found):
        step = graph[number]
        if step.operation in LOCAL:
            pairs = zip(sources[number], step.operands, strict=True)
            operands = [graphs.constant(one) if n is None else arrays[n] for n, one in pairs]
            local = LOCAL[step.operation](gradients[number], *operands)
            for source, one in zip(sources[number], local, strict=True):
                if source is not None:
                    gradients[source] = gradients[source] + folded(one, arrays[source].shape)
    leaves = [one for one, step in zip(gradients, graph, strict=True) if step.operation == LEAF]
    return in_a_row(leaves, _row(case).size)


def _play_backpropagate(namespace: Namespace, name: str, case: Case) -> Record:
    """backpropagate(root, upstream), or Tensor.backward."""
    bench, theirs = bench_for(_tensor(namespace)), TheirNodes(_tensor(namespace))
    ways = _defined(namespace, name, "backward")
    if isinstance(bench, OwnNodes) and name in namespace:
        ours = {"topological_order": bench.in_order, "unbroadcast": folded}
        with standing_in(ways[0], ours):
            if bench.works(ways[0]):
                return _answered(case, partial(_pulled, bench, ways[0], case))
    parts = [partial(_pulled, theirs, one, case) for one in ways]
    return _answered(case, lambda: _first_written(name, parts))


def _pulled(bench: Bench, back: Callable[..., Any], case: Case) -> np.ndarray:
    run = _Run(bench, case)
    root = run.built()[-1]
    for number, share in enumerate(SHARES.get(case.calls, (1.0,))):
        if number and case.calls == "reused":
            root = run.built()[-1]
        if case.calls == "between":  # another graph, on leaves of its own
            back(_Run(bench, case).built()[-1], run.upstream)
        if run.upstream.shape or share * run.upstream != 1.0:
            back(root, np.asarray(share * run.upstream))  # of numbers, too, an array
        else:
            back(root)
    return run.gradients()


def _play_zero_grad(namespace: Namespace, name: str, case: Case) -> Record:
    """zero_grad(*tensors) between two passes, or as a method of each."""
    tensor = _tensor(namespace)
    bench, method = bench_for(tensor), getattr(tensor, name, None)
    several = [namespace[name]] if name in namespace else []
    several += [_each(method)] if method else []
    ways = [partial(_zeroed, bench, one, case) for one in several]
    record: Record = _first_written(name, ways)
    return record


def _each(method: Callable[[Any], Any]) -> Callable[..., None]:
    def for_all(*tensors: Any) -> None:
        for tensor in tensors:
            method(tensor)

    return for_all


def _zeroed(bench: Bench, zero: Callable[..., Any], case: Case) -> Record:
    leaves = {name: bench.leaf(array.copy()) for name, array in case.inputs.items()}
    zero(*leaves.values())
    for share in (0.5, 1.0):
        zero(*leaves.values())
        bench.pull(_root(bench, leaves, case), share * _upstream(case))
    return Record({f"d{name}": _gradient(leaf) for name, leaf in leaves.items()}, {})


def _root(bench: Bench, known: Mapping[str, Any], case: Case) -> Any:
    return graphs.trace(graphs.parse(text_of(case)), known, bench.apply)[-1]


class _Aside(Exception):
    """What a case raises inside of a block that is left by it."""


def _play_no_grad(namespace: Namespace, name: str, case: Case) -> Record:
    """c = a * b in a block of no_grad(), then c * a + a * b outside.

    options["how"]: the block is "plain", holds another one ("nested"), or is left by an exception
        ("raises")
    """
    ways = [
        partial(_unrecorded, bench_for(_tensor(namespace)), one, case)
        for one in _defined(namespace, name)
    ]
    with keeping_switches(_tensor(namespace), *_defined(namespace, name)):
        record: Record = _first_written(name, ways)
    return record


def _unrecorded(bench: Bench, no_grad: Callable[[], Any], case: Case) -> Record:
    a, b = (bench.leaf(case.inputs[name].copy()) for name in ("a", "b"))
    product, total = graphs.parse("c = a * b\nd = a + b")
    how, made = case.options["how"], list[Any]()
    try:
        with no_grad():
            if how == "nested":
                with no_grad():
                    bench.apply(product, [a, a])
            made.append(bench.apply(product, [a, b]))
            if how == "raises":
                raise _Aside
    except _Aside:
        pass
    parts = [bench.apply(product, [made[0], a]), bench.apply(product, [a, b])]
    bench.pull(bench.apply(total, parts), _upstream(case).copy())
    return Record({"da": _gradient(a), "db": _gradient(b)}, {})


def _play_gradients(namespace: Namespace, name: str, case: Case) -> Record:
    """gradients(f, *arrays), where f computes the graph of the Tensors that it is called with.

    Counted is with how many other numbers f is called than in its first call: none, except by
    differences.
    """
    bench, graph = TheirNodes(_tensor(namespace)), graphs.parse(text_of(case))
    pairs = zip(graph, values(case), strict=True)
    arrays = [array.copy() for step, array in pairs if step.operation == LEAF]
    calls = list[Any]()

    def f(*leaves: Any) -> Any:
        calls.append([_numbers(leaf) for leaf in leaves])
        each = iter(leaves)

        def apply(step: Step, operands: list[Any]) -> Any:
            return next(each) if step.operation == LEAF else bench.apply(step, operands)

        return graphs.trace(graph, {}, apply)[-1]

    def answer() -> np.ndarray:
        ways = [partial(one, f, *arrays) for one in _defined(namespace, name)]
        found = _first_written(name, ways)
        return in_a_row(found if isinstance(found, list | tuple) else [found], _row(case).size)

    try:
        record = _answered(case, answer)
        return replace(record, forward_calls=max(len(set(map(tuple, calls))) - 1, 0))
    except NotImplementedError as error:
        if not calls or case.options.get(STRICT):  # gradients itself is the stub, not what f calls
            raise
        return Record({case.answers[0]: error}, {})


def _numbers(leaf: Any) -> tuple[bytes, ...]:
    """The numbers in a Tensor, whatever it calls them, without its gradient."""
    held = {"leaf": leaf, "data": getattr(leaf, "data", None), **getattr(leaf, "__dict__", {})}
    arrays = {n: one for n, one in held.items() if isinstance(one, np.ndarray)}
    return tuple(array.tobytes() for n, array in arrays.items() if "grad" not in n)


_AROUND = (TENSOR,)

OPERATION = Kind(_play_operation, _value, needs=_AROUND)
UNBROADCAST = Kind(_play_unbroadcast, _broadcast, is_class=False, needs=_AROUND)
ORDER = Kind(_play_order, _value, is_class=False, needs=_AROUND, is_laid_out=True)
BACKPROPAGATE = Kind(_play_backpropagate, _value, is_class=False, needs=_AROUND, is_laid_out=True)
ZERO_GRAD = Kind(_play_zero_grad, _value, is_class=False, needs=_AROUND, is_formula=False)
NO_GRAD = Kind(_play_no_grad, is_class=False, needs=_AROUND, is_formula=False)
EXPRESSIONS = Kind(_play_gradients, _value, is_class=False, needs=_AROUND, is_laid_out=True)
