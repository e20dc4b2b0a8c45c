"""Answers that count only a part: one example, one unit, all but the first.

What a loop gives that assigns where it should add, or starts at 1. The reference is played on the
part alone, so nothing need be known about the exercise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from grader.assignment import Assignment
from grader.exercise import Case
from grader.key import ExerciseKey, Suspect
from grader.kinds import KINDS

Arrays = Mapping[str, np.ndarray]

ROWS = {
    "last-example-only": slice(-1, None),
    "first-example-only": slice(0, 1),
    "first-example-left-out": slice(1, None),
    "last-example-left-out": slice(0, -1),
}
UNITS = {name.replace("example", "unit"): part for name, part in ROWS.items()}
ASK = "Try a batch of one, then one of three; one unit, then three."
PLACE = "Look at your loop: where it begins and ends, and whether it assigns or adds."


def partial_suspects(key: ExerciseKey, assignment: Assignment) -> Iterator[Suspect]:
    """Yield a suspect for every part on which the reference can be played in all cases."""
    if any(case.case.upstream is None or not case.case.inputs for case in key.cases):
        return
    for parts, play in ((ROWS, _rows), (UNITS, _units)):
        for mistake, part in parts.items():
            try:
                arrays = tuple(play(key, assignment, case.case, part) for case in key.cases)
            except Exception:  # the exercise has no such part
                continue
            nature = f"Not everything is counted: {mistake.replace('-', ' ')}."
            yield Suspect(mistake, (ASK, PLACE, nature), 0, arrays)


def _rows(key: ExerciseKey, assignment: Assignment, case: Case, part: slice) -> Arrays:
    """Some of the examples; an input's gradient stays zero for the others."""
    count = len(_upstream(case))
    chosen = {
        name: array[part] if np.shape(array)[:1] == (count,) else array
        for name, array in case.inputs.items()
    }
    answers = _played(key, assignment, replace(case, inputs=chosen, upstream=_upstream(case)[part]))
    whole = {name: np.zeros(array.shape) for name, array in case.inputs.items()}
    for name, zeros in whole.items():
        if f"d{name}" in answers:
            zeros[part] = answers[f"d{name}"]
            answers[f"d{name}"] = zeros
    return answers


def _units(key: ExerciseKey, assignment: Assignment, case: Case, part: slice) -> Arrays:
    """Some of the outputs of each example."""
    mask = np.zeros(_upstream(case).shape)
    mask[..., part] = 1.0
    return _played(key, assignment, replace(case, upstream=_upstream(case) * mask))


def _upstream(case: Case) -> np.ndarray:
    return np.asarray(case.upstream)


def _played(key: ExerciseKey, assignment: Assignment, case: Case) -> dict[str, np.ndarray]:
    name, play = key.exercise.name, KINDS[key.exercise.kind].play
    with np.errstate(all="ignore"):  # a part may be too small to divide by
        answers = play(assignment.namespace, name, replace(case, calls="once")).answers
    return {n: np.asarray(a, dtype=float) for n, a in answers.items() if n in key.exercise.points}
