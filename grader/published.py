"""Answers to public cases as plain JSON: what a student's machine judges by.

They are in exercises.json for everybody to see, as the cases are, and no code is. They are finite
differences of the given forward, as grader.numeric finds them, or the reference's own where there
is no forward to differentiate. Hidden cases never get here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np

from grader.errors import AuthorError
from grader.exercise import PUBLIC, Case, Exercise, Variation
from grader.handout import Handout
from grader.key import CaseKey, ExerciseKey, Expected, Key, digest
from grader.witness import MAX_ATTEMPTS, has_forward

DIGITS = 12  # of an answer; what is compared with it may be off by a millionth


def public_key(handout: Handout) -> Key:
    """The key of all exercises, from public cases.

    Raises:
        AuthorError: as exercise_key
    """
    exercises = tuple(exercise_key(handout, name) for name in handout.names)
    return Key(handout.slug, handout.title, "numeric", digest(exercises), exercises)


@lru_cache(maxsize=256)
def exercise_key(handout: Handout, name: str) -> ExerciseKey:
    """The key of one exercise; made once per process.

    Raises:
        AuthorError: its answers are missing, or belong to another version of the exercise
    """
    return from_json(handout[name], handout.published.get(name, ()))


def exercise(hidden: Exercise) -> Exercise:
    """The exercise as students get it.

    A full training run takes seconds, and check() is asked often. Where a page gives one a shorter
    public form, in options["public"], that is all there is of full runs in public.
    """
    variations = hidden.variations
    if any("public" in one.options for one in variations):
        kept = (one for one in variations if "public" in one.options or "fresh" not in one.options)
        variations = tuple(_public(one) for one in kept)
    return replace(hidden, variations=variations)


def _public(variation: Variation) -> Variation:
    options = dict(variation.options)
    shorter = options.pop("public", {})
    name = f"{shorter['steps']} of {variation.name}" if shorter else variation.name
    return replace(variation, name=name, options={**options, **shorter})


def as_json(key: ExerciseKey) -> list[dict[str, Any]]:
    """What goes into exercises.json; key must be of the public cases."""
    return [
        {"attempt": _attempt(key.exercise, one.case, number), "expected": _arrays(one)}
        for number, one in enumerate(key.cases)
    ]


def _arrays(one: CaseKey) -> dict[str, Any]:
    return {
        name: {"array": _rounded(expected.array), "size": _rounded(expected.size)}
        for name, expected in one.expected.items()
    }


def _rounded(array: np.ndarray | float) -> Any:
    rounded = [float(f"{one:.{DIGITS}g}") for one in np.ravel(array)]
    return np.reshape(rounded, np.shape(array)).tolist()


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
    return ExerciseKey(exercise, cases, is_exact=not has_forward(exercise.kind))


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
