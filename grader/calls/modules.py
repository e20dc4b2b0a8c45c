"""Everything that has forward and backward: layers, cells, chains, losses, networks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np

from grader.calls.record import Arrays, Kind, Namespace, Record, copies, mapping, named
from grader.exercise import Case

DEPTH = 4  # of lists and dicts on self in which forward may keep what it works with


def having_forward(build: Callable[[Any, Arrays, Case], Any]) -> Kind:
    """The kind of everything that has forward and backward, once build has made it."""

    def play(namespace: Namespace, name: str, case: Case) -> Record:
        params, inputs, others = copies(case.params), copies(case.inputs), copies(case.others)
        upstream = {} if case.upstream is None else {"upstream": case.upstream.copy()}
        built = build(namespace[name], params, case)
        if case.calls == "reused":
            built.forward(*others.values())
            built.backward(*_another(upstream).values())
        out = _copied(built.forward(*inputs.values(), **_further(case)))
        if case.calls == "between":
            build(namespace[name], copies(case.params), case).forward(*others.values())
        entries = max((array.size for array in inputs.values()), default=0)
        with _counting_forward(namespace[name], entries) as calls:
            if case.calls == "twice":
                built.backward(*_another(upstream).values())
            returned = built.backward(*upstream.values())
        answers = {"out" if upstream else "loss": out}
        answers |= named([f"d{n}" for n in inputs if f"d{n}" in case.answers], returned)
        answers |= {f"d{n}": getattr(built, f"d{n}") for n in params if hasattr(built, f"d{n}")}
        return Record(answers, params | inputs | upstream, calls[0])

    def value(namespace: Namespace, name: str, case: Case) -> Any:
        built = build(namespace[name], copies(case.params), case)
        if case.calls == "reused":  # running statistics and random numbers go on from there
            built.forward(*copies(case.others).values())
        return built.forward(*copies(case.inputs).values(), **_further(case))

    return Kind(play, value)


def _another(upstream: Arrays) -> Arrays:
    """Other numbers for a first call, so that an answer which is kept from it is a wrong one."""
    return {name: 1.0 - array for name, array in upstream.items()}


def _copied(out: Any) -> Any:
    """What forward gave, as it was then: backward may work in place on what forward kept."""
    return out.copy() if isinstance(out, np.ndarray) else out


@contextmanager
def _counting_forward(solution: Any, entries: int) -> Iterator[list[int]]:
    """Count calls of forward with at least so many entries, inherited or not, under any name.

    A gradient by differences needs one or two for every entry, each with other numbers; to compute
    something anew, as often as one likes, or row by row, is no such thing.
    """
    seen = set[int]()
    calls, forward = [0], getattr(solution, "forward", None) if isinstance(solution, type) else None
    if not isinstance(forward, FunctionType):
        yield calls
        return

    @wraps(forward)
    def counted(*args: Any, **options: Any) -> Any:
        if any(np.size(one) >= entries for one in (*args[1:], *options.values())):
            kept = [getattr(one, "__dict__", {}) for one in args[:1]]
            seen.add(_digest([*args[1:], *options.values(), *kept], DEPTH))
            calls[0] = len(seen)
        return forward(*args, **options)

    places = [(c, n) for c in solution.__mro__ for n, one in vars(c).items() if one is forward]
    with suppress(Exception):  # a class may refuse to be changed; then nothing is counted
        for place, name in places:
            setattr(place, name, counted)
    try:
        yield calls
    finally:
        with suppress(Exception):
            for place, name in places:
                setattr(place, name, forward)


def _digest(value: Any, depth: int) -> int:
    """Of all arrays and numbers in it: equal for a call of forward that is made again."""
    match value:
        case np.ndarray() | np.generic() | float() | int():
            return hash(np.asarray(value).tobytes())
        case dict() | list() | tuple() if depth:
            parts = value.values() if isinstance(value, dict) else value
            return hash(tuple(_digest(one, depth - 1) for one in parts))
    return 0


def _further(case: Case) -> dict[str, Any]:
    """Arguments of forward that are no inputs to be differentiated: a mode, a mask."""
    options = case.options.get("forward", {})
    return {n: np.array(one) if isinstance(one, list) else one for n, one in options.items()}


def _layer(solution: Any, params: Arrays, case: Case) -> Any:
    """The option rng is a seed: every instance gets a generator of its own with these numbers."""
    options = {n: one for n, one in case.options.items() if n not in ("answers", "forward")}
    options = {n: tuple(one) if isinstance(one, list) else one for n, one in options.items()}
    if "rng" in options:
        options["rng"] = np.random.default_rng(options["rng"])
    return solution(**params, **options)


class _Cell:
    """A layer with several outputs of one shape: they and their gradients are stacked."""

    def __init__(self, solution: Any, params: Arrays, case: Case) -> None:
        self._layer, self._names = _layer(solution, params, case), [f"d{n}" for n in params]

    def forward(self, *inputs: np.ndarray) -> np.ndarray:
        return np.stack(self._layer.forward(*inputs))

    def backward(self, upstream: np.ndarray) -> Any:
        returned = self._layer.backward(*upstream)
        found = {n: getattr(self._layer, n) for n in self._names if hasattr(self._layer, n)}
        vars(self).update(found)
        return returned


def _chain(solution: Any, params: Arrays, case: Case) -> Any:
    """A container of layers, filled with our own, so that it needs no other exercise.

    The option links says how many; their scales are taken in turn from the parameters.
    """
    scales = list(params.values())
    count = case.options.get("links", len(scales))
    return solution([_Link(n + 1, scales[n % len(scales)]) for n in range(count)])


class _Link:
    """A layer whose effect depends on its place in the chain: roll, then scale and shift."""

    def __init__(self, places: int, scale: np.ndarray) -> None:
        self._places, self._scale = places, scale

    def forward(self, x: np.ndarray) -> np.ndarray:
        out: np.ndarray = np.roll(x, self._places, axis=-1) * self._scale + self._places
        return out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        back: np.ndarray = np.roll(upstream * self._scale, -self._places, axis=-1)
        return back


class _Network:
    """A model that returns its gradients as a dict, in the ways of a layer that sets them."""

    def __init__(self, solution: Any, params: Arrays, case: Case) -> None:
        self._model = model_with(solution, params)

    def forward(self, x: np.ndarray) -> Any:
        return self._model.forward(x)

    def backward(self, upstream: np.ndarray) -> None:
        gradients = mapping(self._model.backward(upstream), "backward")
        vars(self).update({f"d{name}": array for name, array in gradients.items()})


def model_with(solution: Any, params: Arrays) -> Any:
    """The student's model with W1, b1, W2, ... set to our arrays, in place."""
    sizes = [array.shape for name, array in params.items() if name.startswith("W")]
    model = solution([sizes[0][0], *(units for _, units in sizes)], np.random.default_rng(0))
    held = model.parameters()
    for name, array in params.items():
        held[name][...] = array
    return model


LAYER = having_forward(_layer)
CELL = having_forward(_Cell)
CHAIN = having_forward(_chain)
NETWORK = having_forward(_Network)
