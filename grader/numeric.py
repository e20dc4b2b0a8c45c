"""Right answers where no reference is at hand: the given forward, differentiated numerically.

A student's machine has no reference. It has the forward of every exercise, and finite differences
of it say what backward must give, to about ten digits. Cases are the public ones. Where the inputs
lie at a kink, or the estimate is not sure enough, they are drawn anew. What has no forward to
differentiate comes with the handout, as numbers.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from types import ModuleType

import numpy as np

from grader.errors import AuthorError
from grader.exercise import PUBLIC, Case, Exercise
from grader.handout import Handout
from grader.key import CaseKey, ExerciseKey, Expected, Key, digest
from grader.published import from_json
from grader.witness import (
    MAX_ATTEMPTS,
    WITNESS_TOLERANCE,
    Namespace,
    at_kink,
    differences,
    has_forward,
    shuffled,
    sizes,
)


def numeric_key(handout: Handout) -> Key:
    """The key of all exercises, from public cases.

    Raises:
        AuthorError: the handout contradicts itself
    """
    exercises = tuple(exercise_key(handout, one.name) for one in handout.exercises)
    return Key(handout.slug, handout.title, "numeric", digest(exercises), exercises)


@lru_cache(maxsize=256)
def exercise_key(handout: Handout, name: str) -> ExerciseKey:
    """The key of one exercise; made once per process."""
    exercise = handout[name]
    if not has_forward(exercise.kind):
        return from_json(exercise, handout.published.get(name, ()))
    with np.errstate(all="ignore"):
        numbers = range(len(exercise.variations))
        cases = tuple(_differentiated(handout, exercise, number) for number in numbers)
    return ExerciseKey(exercise, cases, is_exact=False)


def _differentiated(handout: Handout, exercise: Exercise, number: int) -> CaseKey:
    for attempt in range(MAX_ATTEMPTS):
        case = exercise.case(number, PUBLIC, attempt)
        if expected := _expected(_given(handout), exercise, case):
            return CaseKey(case, expected)
    raise AuthorError(
        f"{exercise.name}: in {MAX_ATTEMPTS} draws of case {number + 1} the inputs always lay at a "
        f"kink of forward. Give this case fewer entries or a wider range in its Variation."
    )


def _expected(given: Namespace, exercise: Exercise, case: Case) -> dict[str, Expected] | None:
    """None where finite differences cannot tell."""
    asked = (given, exercise.name, exercise.kind)
    if at_kink(*asked, case):
        return None
    elsewhere, expected = sizes(*asked, shuffled(case)), {}
    for name, estimate in differences(*asked, case).items():
        size = max(elsewhere[name], float(np.abs(estimate.value).max(initial=0.0)))
        if not (estimate.error <= WITNESS_TOLERANCE * (size or 1.0)).all():
            return None
        expected[name] = Expected(estimate.value, size)
    return expected


@lru_cache(maxsize=32)
def _given(handout: Handout) -> Namespace:
    """What the handed-out cells define: forward works, backward raises."""
    module = ModuleType(f"given_{handout.slug}")
    sys.modules[module.__name__] = module  # a dataclass of the page looks itself up there
    for number, source in enumerate(handout.cells, 1):
        try:
            exec(compile(source, f"{handout.path.name}, cell {number}", "exec"), module.__dict__)
        except Exception as error:
            raise AuthorError(
                f"{handout.path.name}: cell {number} of the given code cannot be run "
                f"({type(error).__name__}: {error}). Replace the file by a fresh copy."
            ) from error
    return module.__dict__
