"""Finite differences of an exercise's forward: what its gradients must be, whoever wrote them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

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
    """Estimate every gradient that the case wants, from calls of forward alone."""
    return {
        answer: gradient(*_objective(namespace, name, kind, case, answer))
        for answer in case.answers
    }


def sizes(namespace: Namespace, name: str, kind: str, case: Case) -> dict[str, float]:
    """How large each gradient is that the case wants, roughly."""
    rough = {
        answer: rough_gradient(*_objective(namespace, name, kind, case, answer))
        for answer in case.answers
    }
    return {answer: float(np.abs(array).max(initial=0.0)) for answer, array in rough.items()}


def at_kink(namespace: Namespace, name: str, kind: str, case: Case) -> bool:
    """Say whether some gradient that the case wants differs to the left and to the right."""
    return any(
        has_kink(*_objective(namespace, name, kind, case, answer)) for answer in case.answers
    )


def _objective(
    namespace: Namespace, name: str, kind: str, case: Case, answer: str
) -> tuple[Callable[[np.ndarray], float], np.ndarray]:
    """sum(upstream * forward) as a function of the variable that answer names, and its value."""
    variable = answer.removeprefix("d")
    is_input = variable in case.inputs
    value = KINDS[kind].value
    if value is None:
        raise TypeError(f"{name} has nothing to differentiate")

    def objective(x: np.ndarray) -> float:
        if is_input:
            moved = replace(case, inputs={**case.inputs, variable: x})
        else:
            moved = replace(case, params={**case.params, variable: x})
        out = value(namespace, name, moved)
        return float(np.sum(out if case.upstream is None else case.upstream * out))

    return objective, (case.inputs if is_input else case.params)[variable]


def shuffled(case: Case) -> Case:
    """The case with its upstream, or else its first input, in another order and sign."""
    rng = np.random.default_rng(0)
    if case.upstream is not None:
        return replace(case, upstream=-rng.permuted(case.upstream))
    name, first = next(iter(case.inputs.items()))
    mixed = np.reshape(-rng.permuted(first.ravel()), first.shape)
    return replace(case, inputs={**case.inputs, name: mixed})
