"""Plain functions: of arrays, of functions, and those that return gradients by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from grader.calls.record import Kind, Namespace, Record, copies, mapping, named
from grader.exercise import Case


def _play_function(namespace: Namespace, name: str, case: Case) -> Record:
    inputs = copies(case.inputs)
    returned = namespace[name](*_gathered(inputs).values(), **case.options)
    return Record(_scattered(case.answers, returned), inputs)


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
    values = named(list(dict.fromkeys(name.partition(".")[0] for name in names)), returned)
    answers = {}
    for name in names:
        group, dot, number = name.partition(".")
        if not dot and group in values:
            answers[name] = values[group]
        elif isinstance(found := values.get(group), list | tuple) and len(found) >= int(number):
            answers[name] = found[int(number) - 1]
    return answers


def _play_functional(namespace: Namespace, name: str, case: Case) -> Record:
    """A function whose first argument is a function, which options["f"] describes."""
    inputs, options = copies(case.inputs), {n: o for n, o in case.options.items() if n != "f"}
    returned = namespace[name](function_of(case.options["f"]), *inputs.values(), **options)
    return Record(named(case.answers, returned), inputs)


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


def _play_gradients(namespace: Namespace, name: str, case: Case) -> Record:
    """A function (inputs, params) -> (gradients, loss)."""
    inputs, params = copies(case.inputs), copies(case.params)
    returned = namespace[name](*inputs.values(), dict(params))
    gradients, loss = returned if isinstance(returned, tuple | list) else (returned, None)
    gradients = mapping(gradients, name)
    answers = {f"d{n}": gradients[n] for n in params if n in gradients}
    return Record(answers | {"loss": loss}, inputs | params)


def _objective(namespace: Namespace, name: str, case: Case) -> Any:
    """The loss by the given function that the exercise names."""
    inputs, params = copies(case.inputs), copies(case.params)
    return namespace[case.options["objective"]](*inputs.values(), params)


FUNCTION = Kind(_play_function, is_class=False)
FUNCTIONAL = Kind(_play_functional, is_class=False)
GRADIENTS = Kind(_play_gradients, _objective, is_class=False)
