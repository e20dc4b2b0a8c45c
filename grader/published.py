"""Answers to public cases as plain JSON: for exercises that have no forward to differentiate.

They are in exercises.json for everybody to see, as the cases are. Hidden cases never get here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from grader.errors import AuthorError
from grader.exercise import PUBLIC, Case, Exercise
from grader.key import CaseKey, ExerciseKey, Expected
from grader.witness import MAX_ATTEMPTS


def as_json(key: ExerciseKey) -> list[dict[str, Any]]:
    """What goes into exercises.json; key must be of the public cases."""
    return [
        {"attempt": _attempt(key.exercise, one.case, number), "expected": _arrays(one)}
        for number, one in enumerate(key.cases)
    ]


def _arrays(one: CaseKey) -> dict[str, Any]:
    return {
        name: {"array": expected.array.tolist(), "size": expected.size}
        for name, expected in one.expected.items()
    }


def _attempt(exercise: Exercise, case: Case, number: int) -> int:
    """Which draw of the public case this is."""
    for attempt in range(MAX_ATTEMPTS):
        drawn = exercise.case(number, PUBLIC, attempt)
        if all(np.array_equal(drawn.inputs[name], case.inputs[name]) for name in case.inputs):
            return attempt
    raise AuthorError(f"{exercise.name}: {case.name} is no public case and is not published.")


def from_json(exercise: Exercise, answers: Sequence[Any]) -> ExerciseKey:
    """The key that as_json wrote.

    Raises:
        AuthorError: it belongs to another version of the exercise
    """
    try:
        cases = tuple(
            _case(exercise, number, answers[number]) for number in range(len(exercise.variations))
        )
    except (KeyError, IndexError, TypeError) as error:
        raise AuthorError(
            f"{exercise.name}: its answers to the public cases are missing. Build the assignment "
            f"again with `grader build`."
        ) from error
    return ExerciseKey(exercise, cases)


def _case(exercise: Exercise, number: int, answer: Any) -> CaseKey:
    case, arrays = exercise.case(number, PUBLIC, answer["attempt"]), answer["expected"]
    return CaseKey(
        case,
        {
            name: Expected(np.asarray(arrays[name]["array"], float), arrays[name]["size"])
            for name in case.answers
        },
        exercise.fresh(number, PUBLIC),
    )
