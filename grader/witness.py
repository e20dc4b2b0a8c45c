"""Finite differences of an exercise's forward: what its gradients must be, whoever wrote them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from grader.calls.record import variable_of
from grader.derivative import Estimate, gradient, has_kink, rough_gradient
from grader.exercise import Case
from grader.kinds import KINDS

Namespace = Mapping[str, Any]

MAX_ATTEMPTS = 50  # draws of a case whose inputs lie at a kink
WITNESS_TOLERANCE = 1e-7  # relative; a witness that knows no better is none


def has_forward(kind: str) -> bool:
    """Say whether the answers are gradients of something that students are given."""
    return KINDS[kind].value is not None


def differences(namespace: Namespace, name: str, kind: str, case: Case) -> dict[str, Estimate]:
    """Estimate every gradient that the case wants, from calls of forward alone.

    Answers that follow from the case are there too, as they must be.
    """
    told = _told(kind, case)
    return {
        answer: Estimate(told[answer], np.zeros(told[answer].shape))
        if answer in told
        else gradient(*_objective(namespace, name, kind, case, answer))
        for answer in case.answers
    }


def sizes(namespace: Namespace, name: str, kind: str, case: Case) -> dict[str, float]:
    """How large each gradient is that the case wants, roughly."""
    rough = _told(kind, case) | {
        answer: rough_gradient(*_objective(namespace, name, kind, case, answer))
        for answer in _gradients(kind, case)
    }
    return {answer: float(np.abs(array).max(initial=0.0)) for answer, array in rough.items()}


def at_kink(namespace: Namespace, name: str, kind: str, case: Case) -> bool:
    """Say whether some gradient that the case wants differs to the left and to the right."""
    return any(
        has_kink(*_objective(namespace, name, kind, case, answer))
        for answer in _gradients(kind, case)
    )


def _told(kind: str, case: Case) -> dict[str, np.ndarray]:
    """The answers that follow from the case."""
    further = KINDS[kind].further
    return {answer: further[answer](case) for answer in case.answers if answer in further}


def _gradients(kind: str, case: Case) -> list[str]:
    return [answer for answer in case.answers if answer not in KINDS[kind].further]


def _objective(
    namespace: Namespace, name: str, kind: str, case: Case, answer: str
) -> tuple[Callable[[np.ndarray], float], np.ndarray]:
    """sum(upstream * forward) as a function of the variable that answer names, and its value."""
    variables = {**case.inputs, **case.params, "upstream": np.asarray(case.upstream)}
    variable, value = variable_of(answer, variables), KINDS[kind].value
    if value is None or variable is None:
        raise TypeError(f"{name} has nothing to differentiate for {answer}")

    def objective(x: np.ndarray) -> float:
        moved = _with(case, variable, x)
        out = value(namespace, name, moved)
        return float(np.sum(out if moved.upstream is None else moved.upstream * out))

    return objective, variables[variable]


def _with(case: Case, variable: str, x: np.ndarray) -> Case:
    if variable in case.inputs:
        return replace(case, inputs={**case.inputs, variable: x})
    if variable in case.params:
        return replace(case, params={**case.params, variable: x})
    return replace(case, upstream=x)


def shuffled(case: Case) -> Case:
    """The case with its upstream, or else its first input, in another order and sign."""
    if case.upstream is not None:
        return replace(case, upstream=_mixed(case.upstream))
    name, first = next(iter(case.inputs.items()))
    return replace(case, inputs={**case.inputs, name: _mixed(first)})


def _mixed(array: np.ndarray) -> np.ndarray:
    return np.reshape(-np.random.default_rng(0).permuted(array.ravel()), array.shape)
