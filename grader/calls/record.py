"""What a call takes and gives back: plain data, and the small steps that all kinds share."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.exercise import Case

Namespace = Mapping[str, Any]
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True)
class Record:
    """What a case gave back.

    answers: whatever the solution returned or set, by name, unconverted; a name that it never
        set is absent
    arguments: the very arrays that were passed in, to be compared with the case afterwards
    forward_calls: how often forward was called, or autograd asked, while the gradient was computed
    """

    answers: Mapping[str, Any]
    arguments: Mapping[str, np.ndarray]
    forward_calls: int = 0


class NotDefined(Exception):
    """A solution has nothing under the name that a kind was asked to call."""


@dataclass(frozen=True)
class Kind:
    """How solutions of one kind are called.

    play: makes all calls of a case
    value: makes the forward call alone and returns its output, which is what finite differences
        need; None where there is nothing to differentiate
    is_class: a solution is a class; else it is a function
    flavour: of the sandbox, in which the libraries are that a solution needs
    needs: names besides the exercise's own that play uses
    is_formula: the answers follow from a formula of the exercise, in which a mistake can be named
    is_laid_out: an answer holds arrays of many shapes, end to end, of which the form tells nothing
    further: answers that are no gradients, and what a case says that they must be
    """

    play: Callable[[Namespace, str, Case], Record]
    value: Callable[[Namespace, str, Case], Any] | None = None
    is_class: bool = True
    flavour: str = "numpy"
    needs: tuple[str, ...] = ()
    is_formula: bool = True
    is_laid_out: bool = False
    further: Mapping[str, Callable[[Case], np.ndarray]] = field(default_factory=dict)


def variable_of(answer: str, variables: Collection[str]) -> str | None:
    """The x of dx, and of ddx, a gradient of gradients; None where there is no such variable."""
    first = answer.removeprefix("d")
    return next((one for one in (first, first.removeprefix("d")) if one in variables), None)


def copies(arrays: Mapping[str, np.ndarray]) -> Arrays:
    return {name: array.copy() for name, array in arrays.items()}


def named(names: Sequence[str], returned: Any) -> dict[str, Any]:
    """Give returned values their names: several names take a tuple apart, one takes it whole."""
    if len(names) > 1 and isinstance(returned, tuple | list):
        return dict(zip(names, returned, strict=False))
    return dict(zip(names, [returned], strict=False))


def mapping(value: Any, source: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"{source} returned {type(value).__name__} where a dict of arrays belongs")
    return value
