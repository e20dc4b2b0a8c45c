"""Right answers without the reference: the given forward, differentiated numerically.

What students are judged by in public rests on nothing but what they are handed: the forward of
every exercise, and finite differences of it, which say to about ten digits what backward must give.
It takes up to a second per exercise, so it is done when an assignment is built, and nobody who
checks a notebook runs code that came with an assignment. Where the inputs lie at a kink, or the
estimate is not sure enough, they are drawn anew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from types import ModuleType

import numpy as np

from grader.errors import AuthorError
from grader.exercise import PUBLIC, Case, Exercise
from grader.key import CaseKey, ExerciseKey, Expected
from grader.witness import (
    MAX_ATTEMPTS,
    WITNESS_TOLERANCE,
    Namespace,
    at_kink,
    differences,
    shuffled,
    sizes,
)


def exercise_key(given: Namespace, exercise: Exercise) -> ExerciseKey:
    """The key of the public cases.

    given: what the handed-out cells define: forward works, backward raises

    Raises:
        AuthorError: finite differences cannot tell the answers
    """
    with np.errstate(all="ignore"):
        numbers = range(len(exercise.variations))
        cases = tuple(_differentiated(given, exercise, number) for number in numbers)
    return ExerciseKey(exercise, cases, is_exact=False)


def namespace(slug: str, cells: Sequence[str]) -> Namespace:
    """What the handed-out cells define.

    Raises:
        AuthorError: one of them cannot be run
    """
    module = ModuleType(f"given_{slug}")
    sys.modules[module.__name__] = module  # a dataclass of the page looks itself up there
    for number, source in enumerate(cells, 1):
        try:
            exec(compile(source, f"{slug}, given cell {number}", "exec"), module.__dict__)
        except Exception as error:
            raise AuthorError(
                f"{slug}: without its solutions, cell {number} of the code cannot be run "
                f"({type(error).__name__}: {error}). Let no given cell use what students write."
            ) from error
    return module.__dict__


def _differentiated(given: Namespace, exercise: Exercise, number: int) -> CaseKey:
    for attempt in range(MAX_ATTEMPTS):
        case = exercise.case(number, PUBLIC, attempt)
        if expected := _expected(given, exercise, case):
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
