"""How to exercise each kind of solution: one entry per kind.

A kind takes the names a solution defines and one case, makes the calls and returns every array
worth comparing. The same functions run on the student's code in the worker and on the reference
and its mutants where the key is built. Nothing here compares, judges or knows a right answer,
which is why the student's process may load it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np

from grader.exercise import Case
from grader.libraries import library_of

Namespace = Mapping[str, Any]
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Record:
    """What a case gave back.

    answers: whatever the solution returned or set, by name, unconverted; a name that it never
        set is absent
    arguments: the very arrays that were passed in, to be compared with the case afterwards
    forward_calls: how often forward was called while backward ran
    """

    answers: Mapping[str, Any]
    arguments: Mapping[str, np.ndarray]
    forward_calls: int = 0


@dataclass(frozen=True)
class Kind:
    """play makes all calls of a case; value makes the forward call alone and returns its output,
    which is what finite differences need."""

    play: Callable[[Namespace, str, Case], Record]
    value: Callable[[Namespace, str, Case], Any]


def _module(build: Callable[[Any, Arrays, Case], Any]) -> Kind:
    """The kind of everything that has forward and backward, once build has made it."""

    def play(namespace: Namespace, name: str, case: Case) -> Record:
        params, inputs, others = _copies(case.params), _copies(case.inputs), _copies(case.others)
        upstream = {} if case.upstream is None else {"upstream": case.upstream.copy()}
        built = build(namespace[name], params, case)
        if case.calls == "reused":
            built.forward(*others.values())
            built.backward(*_another(upstream).values())
        out = _copied(built.forward(*inputs.values(), **_further(case)))
        if case.calls == "between":
            build(namespace[name], _copies(case.params), case).forward(*others.values())
        entries = max((array.size for array in inputs.values()), default=0)
        with _counting_forward(namespace[name], entries) as calls:
            if case.calls == "twice":
                built.backward(*_another(upstream).values())
            returned = built.backward(*upstream.values())
        answers = {"out" if upstream else "loss": out}
        answers |= _named([f"d{n}" for n in inputs if f"d{n}" in case.answers], returned)
        answers |= {f"d{n}": getattr(built, f"d{n}") for n in params if hasattr(built, f"d{n}")}
        return Record(answers, params | inputs | upstream, calls[0])

    def value(namespace: Namespace, name: str, case: Case) -> Any:
        built = build(namespace[name], _copies(case.params), case)
        if case.calls == "reused":  # running statistics and random numbers go on from there
            built.forward(*_copies(case.others).values())
        return built.forward(*_copies(case.inputs).values(), **_further(case))

    return Kind(play, value)


def _another(upstream: Arrays) -> Arrays:
    """Other numbers for a first call, so that an answer which is kept from it is a wrong one."""
    return {name: 1.0 - array for name, array in upstream.items()}


def _copied(out: Any) -> Any:
    """What forward gave, as it was then: backward may work in place on what forward kept."""
    return out.copy() if isinstance(out, np.ndarray) else out


@contextmanager
def _counting_forward(solution: Any, entries: int) -> Iterator[list[int]]:
    """Count calls of forward with at least so many entries, under whatever name.

    A gradient by differences needs one or two for every entry; to compute something anew, or row
    by row, is no such thing.
    """
    calls, forward = [0], vars(solution).get("forward") if isinstance(solution, type) else None
    if not isinstance(forward, FunctionType):
        yield calls
        return

    @wraps(forward)
    def counted(*args: Any, **options: Any) -> Any:
        calls[0] += any(np.size(one) >= entries for one in (*args[1:], *options.values()))
        return forward(*args, **options)

    names = [name for name, one in vars(solution).items() if one is forward]
    with suppress(Exception):  # a class may refuse to be changed; then nothing is counted
        for name in names:
            setattr(solution, name, counted)
    try:
        yield calls
    finally:
        with suppress(Exception):
            for name in names:
                setattr(solution, name, forward)


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
        self._model = _model(solution, params)

    def forward(self, x: np.ndarray) -> Any:
        return self._model.forward(x)

    def backward(self, upstream: np.ndarray) -> None:
        gradients = _dict(self._model.backward(upstream), "backward")
        vars(self).update({f"d{name}": array for name, array in gradients.items()})


def _dict(value: Any, source: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{source} returned {type(value).__name__} where a dict of arrays belongs")
    return value


def _model(solution: Any, params: Arrays) -> Any:
    """The student's model with W1, b1, W2, ... set to our arrays, in place."""
    sizes = [array.shape for name, array in params.items() if name.startswith("W")]
    model = solution([sizes[0][0], *(units for _, units in sizes)], np.random.default_rng(0))
    held = model.parameters()
    for name, array in params.items():
        held[name][...] = array
    return model


def _play_gradients(namespace: Namespace, name: str, case: Case) -> Record:
    """A function (inputs, params) -> (gradients, loss)."""
    inputs, params = _copies(case.inputs), _copies(case.params)
    returned = namespace[name](*inputs.values(), dict(params))
    gradients, loss = returned if isinstance(returned, tuple | list) else (returned, None)
    gradients = _dict(gradients, name)
    answers = {f"d{n}": gradients[n] for n in params if n in gradients}
    return Record(answers | {"loss": loss}, inputs | params)


def _objective(namespace: Namespace, name: str, case: Case) -> Any:
    """The loss by the given function that the exercise names."""
    inputs, params = _copies(case.inputs), _copies(case.params)
    return namespace[case.options["objective"]](*inputs.values(), params)


def _play_optimizer(namespace: Namespace, name: str, case: Case) -> Record:
    """Step by step through drawn gradients, d<name> for every parameter.

    first_step, all_steps: how far the parameters have come after each step
    """
    gradients, others = _copies(case.inputs), _copies(case.others)
    arrays, elsewhere = _copies(case.params), _copies(case.params)
    built = namespace[name](dict(arrays), **case.options)
    second = namespace[name](elsewhere, **case.options) if case.calls == "between" else None
    moved = []
    for step in range(len(next(iter(gradients.values())))):
        built.step({n: gradients[f"d{n}"][step] for n in arrays})
        if second:
            second.step({n: others[f"d{n}"][step] for n in arrays})
        moved.append(_moved(arrays, case.params))
    return Record({"first_step": moved[0], "all_steps": np.stack(moved)}, gradients)


def _play_training(namespace: Namespace, name: str, case: Case) -> Record:
    """One run of train(X, t, params, ...) or, where options name a model, train(model, X, t, ...).

    losses: the curve it returned
    any other answer: how far the parameters have come from where the case put them
    """
    options, params = case.options, _copies(case.params)
    if library := library_of(namespace, name, options.get("model", "")):
        raise ImportError(f"{name} uses {library}; this exercise is about doing it with NumPy")
    X, t = case.inputs["data"][:, :-1].copy(), case.inputs["data"][:, -1].astype(int)
    rates = [options[rate] for rate in ("lr", "momentum", "steps") if rate in options]
    if "model" in options:
        model = _model(namespace[options["model"]], params)
        losses = namespace[name](model, X, t, *rates)
        trained = model.parameters()
    else:
        trained, losses = namespace[name](X, t, dict(params), *rates)
    moved = _moved(trained, case.params)
    answers = {one: losses if one == "losses" else moved for one in case.answers}
    return Record(answers, params | {"data": np.column_stack([X, t])})


def _moved(arrays: Mapping[str, Any], start: Mapping[str, np.ndarray]) -> np.ndarray:
    """The difference in one row, all arrays one after the other; float32 stays float32."""
    arrays = _dict(arrays, "the training")
    for name, before in start.items():
        if name not in arrays:
            raise KeyError(f"the parameters that came back hold no {name}")
        if (after := np.shape(arrays[name])) != before.shape:
            raise ValueError(f"{name} came back with shape {after}, it had {before.shape}")
    row = np.concatenate([np.ravel(arrays[name] - before) for name, before in start.items()])
    is_single = any(np.asarray(array).dtype == np.float32 for array in arrays.values())
    return row.astype(np.float32) if is_single else row


def _no_value(namespace: Namespace, name: str, case: Case) -> Any:
    raise TypeError(f"{name} has no forward")


def _play_function(namespace: Namespace, name: str, case: Case) -> Record:
    inputs = _copies(case.inputs)
    returned = namespace[name](*_gathered(inputs).values(), **case.options)
    return Record(_scattered(case.answers, returned), inputs)


def _play_functional(namespace: Namespace, name: str, case: Case) -> Record:
    """A function whose first argument is a function, which options["f"] describes."""
    inputs, options = _copies(case.inputs), {n: o for n, o in case.options.items() if n != "f"}
    returned = namespace[name](function_of(case.options["f"]), *inputs.values(), **options)
    return Record(_named(case.answers, returned), inputs)


def function_of(description: Mapping[str, Any]) -> Callable[[Any], Any]:
    """The function that plain data describe.

    powers: what x**0, x**1, x**2, ... are multiplied by
    waves: pairs (amplitude, frequency) of sines that are added
    coupling: where it is there, the value is a single number: all entries, each weighted with its
        number, plus coupling times the square of their sum
    """

    def curve(x: Any) -> Any:
        powers = sum(c * x**k for k, c in enumerate(description["powers"]))
        return powers + sum(a * np.sin(w * x) for a, w in description.get("waves", ()))

    def number(x: Any) -> float:
        x = np.asarray(x, dtype=float).ravel()
        square = description["coupling"] * x.sum() ** 2
        return float(np.sum(np.arange(1, x.size + 1) * curve(x)) + square)

    return number if "coupling" in description else curve


def _gathered(arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Make one list, weights, of weights.1, weights.2 and so on."""
    found: dict[str, Any] = {}
    for name, array in arrays.items():
        group, dot, _ = name.partition(".")
        if dot:
            found.setdefault(group, []).append(array)
        else:
            found[name] = array
    return found


def _scattered(names: Sequence[str], returned: Any) -> dict[str, Any]:
    """The other way round: weights.1 is the first of the list that was returned as weights."""
    values = _named(list(dict.fromkeys(name.partition(".")[0] for name in names)), returned)
    answers = {}
    for name in names:
        group, dot, number = name.partition(".")
        if not dot and group in values:
            answers[name] = values[group]
        elif isinstance(found := values.get(group), list | tuple) and len(found) >= int(number):
            answers[name] = found[int(number) - 1]
    return answers


def _function_value(namespace: Namespace, name: str, case: Case) -> Any:
    return namespace[name](*_copies(case.inputs).values(), **case.options)


def _copies(arrays: Mapping[str, np.ndarray]) -> Arrays:
    return {name: array.copy() for name, array in arrays.items()}


def _named(names: Sequence[str], returned: Any) -> dict[str, Any]:
    """Give returned values their names: several names take a tuple apart, one takes it whole."""
    if len(names) > 1 and isinstance(returned, tuple | list):
        return dict(zip(names, returned, strict=False))
    return dict(zip(names, [returned], strict=False))


KINDS: Mapping[str, Kind] = {
    "layer": _module(_layer),
    "cell": _module(_Cell),
    "chain": _module(_chain),
    "loss": _module(_layer),
    "network": _module(_Network),
    "function": Kind(_play_function, _function_value),
    "functional": Kind(_play_functional, _no_value),
    "gradients": Kind(_play_gradients, _objective),
    "optimizer": Kind(_play_optimizer, _no_value),
    "training": Kind(_play_training, _no_value),
}
FUNCTIONS = frozenset({"function", "functional", "gradients", "training"})  # the others are classes
# nothing to differentiate
WITHOUT_FORWARD = frozenset({"function", "functional", "optimizer", "training"})
