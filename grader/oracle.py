"""Where right answers come from: the reference, which calculus must confirm.

A reference that disagrees with finite differences is an AuthorError and nobody is graded. Where
the inputs happen to lie at a kink, so that finite differences cannot witness, they are drawn anew.
"""

from __future__ import annotations

import numpy as np

from grader.assignment import Assignment
from grader.derivative import Estimate
from grader.errors import AuthorError, MissingLibrary
from grader.exercise import Case, Exercise
from grader.key import CaseKey, ExerciseKey, Expected, Key, digest
from grader.kinds import KINDS
from grader.training import learns
from grader.witness import (
    MAX_ATTEMPTS,
    WITNESS_TOLERANCE,
    at_kink,
    differences,
    has_forward,
    shuffled,
)


def reference_key(assignment: Assignment, secret: str) -> Key:
    """Play the reference on every case and confirm each array that earns points.

    Raises:
        AuthorError: the reference raises, or disagrees with finite differences
        MissingLibrary: it needs one that is not installed
    """
    exercises = tuple(exercise_key(assignment, one, secret) for one in assignment.exercises)
    return Key(assignment.slug, assignment.title, "reference", digest(exercises), exercises)


def exercise_key(assignment: Assignment, exercise: Exercise, secret: str) -> ExerciseKey:
    """The same for one exercise."""
    numbers = range(len(exercise.variations))
    cases = (_confirmed_case(assignment, exercise, number, secret) for number in numbers)
    return ExerciseKey(exercise, tuple(cases))


def _confirmed_case(
    assignment: Assignment, exercise: Exercise, number: int, secret: str
) -> CaseKey:
    for attempt in range(MAX_ATTEMPTS):
        case = exercise.case(number, secret, attempt)
        key = CaseKey(case, _expected(assignment, exercise, case), exercise.fresh(number, secret))
        if learns(key) and _is_confirmed(assignment, exercise, key):
            return key
    raise AuthorError(
        f"{exercise.name}: in {MAX_ATTEMPTS} draws of {case.name} the inputs always lay at a kink, "
        f"where nothing confirms the reference. Nobody was graded. Give this case fewer entries "
        f"or a wider range in its Variation."
    )


def _expected(assignment: Assignment, exercise: Exercise, case: Case) -> dict[str, Expected]:
    arrays = others = _play(assignment, exercise, case)
    if exercise.kind != "training":
        others = _play(assignment, exercise, shuffled(case))
    sizes = {
        name: max(float(np.abs(each[name]).max(initial=0.0)) for each in (arrays, others))
        for name in arrays
    }
    return {name: Expected(array, sizes[name]) for name, array in arrays.items()}


def _play(assignment: Assignment, exercise: Exercise, case: Case) -> dict[str, np.ndarray]:
    try:
        record = KINDS[exercise.kind].play(assignment.namespace, exercise.name, case)
        arrays = {name: np.asarray(a, dtype=float) for name, a in record.answers.items()}
    except ModuleNotFoundError as error:
        raise MissingLibrary(exercise.name, str(error.name)) from error
    except Exception as error:
        raise AuthorError(
            f"{exercise.name}: the reference raises {type(error).__name__} in {case.name}: {error}"
        ) from error
    if lost := [name for name in case.answers if name not in arrays]:
        raise AuthorError(f"{exercise.name}: the reference never computes {', '.join(lost)}")
    return arrays


def _is_confirmed(assignment: Assignment, exercise: Exercise, key: CaseKey) -> bool:
    """Say whether an independent witness agrees; False where it cannot tell.

    Raises:
        AuthorError: it disagrees
    """
    estimates = _witness(assignment, exercise, key.case)
    allowed = {name: WITNESS_TOLERANCE * (key.expected[name].size or 1.0) for name in estimates}
    if any((one.error > allowed[name]).any() for name, one in estimates.items()):
        return False
    for name, estimate in estimates.items():
        gap = np.abs(key.expected[name].array - estimate.value)
        if (gap <= np.maximum(estimate.error, allowed[name] / 100)).all():
            continue
        if _lies_at_kink(assignment, exercise, key.case):
            return False
        raise AuthorError(
            f"{exercise.name}: {name} of the reference is {gap.max():.1e} away from its numerical "
            f"value in {key.case.name}. Nobody was graded. Correct the reference."
        )
    return True


def gap(assignment: Assignment, exercise: Exercise, key: CaseKey) -> float:
    """The largest distance between reference and witness, relative to the gradient's size."""
    estimates = _witness(assignment, exercise, key.case)
    return max(
        float(np.abs(key.expected[name].array - one.value).max(initial=0.0))
        / (key.expected[name].size or 1.0)
        for name, one in estimates.items()
    )


def _witness(assignment: Assignment, exercise: Exercise, case: Case) -> dict[str, Estimate]:
    if has_forward(exercise.kind):
        return differences(assignment.namespace, exercise.name, exercise.kind, case)
    if exercise.name not in assignment.witnesses:
        raise AuthorError(
            f"{exercise.name}: nothing confirms this function. Add it to WITNESSES in the page's "
            f"grader cell: a function of the same arguments that estimates the answers otherwise."
        )
    witness = assignment.witnesses[exercise.name]
    found = witness(*case.inputs.values()) if exercise.kind == "function" else witness(case)
    if found is None:  # more of what was confirmed in other cases
        return {}
    found = found if isinstance(found, tuple) else (found,)
    estimates = [one if isinstance(one, Estimate) else Estimate(one, 0 * one) for one in found]
    return dict(zip(case.answers, estimates, strict=True))


def _lies_at_kink(assignment: Assignment, exercise: Exercise, case: Case) -> bool:
    if not has_forward(exercise.kind):
        return False
    return at_kink(assignment.namespace, exercise.name, exercise.kind, case)
