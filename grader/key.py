"""The answer key of an assignment: every case with the arrays that a right solution gives.

Built once by the oracle, from the reference or by finite differences; grading needs nothing else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from grader.exercise import Case, Exercise, Request, as_json


@dataclass(frozen=True)
class Expected:
    """A right array, and the size to which an error in it is compared.

    size: the larger of max|array| and of the size this gradient has under other inputs, so that a
        gradient that happens to be tiny is not excused from being right, and rounding does not
        fail an exact zero
    """

    array: np.ndarray
    size: float


@dataclass(frozen=True)
class CaseKey:
    """fresh: of a training case, points to try the trained network on; they are not in the case,
    because student code sees the case"""

    case: Case
    expected: Mapping[str, Expected]
    fresh: np.ndarray | None = None


@dataclass(frozen=True)
class Suspect:
    """The reference with one mistake made in it, as seen from outside.

    hints: the three levels: a question, where to look, what kind of mistake it is
    line: of the reference page; 0 where nothing in it was changed
    arrays: what it gave, one mapping per case; None where a long case needed no playing
    term_of: where all but one term of a sum was dropped, which sum that was; else ""
    """

    mistake: str
    hints: tuple[str, str, str]
    line: int
    arrays: tuple[Mapping[str, np.ndarray] | None, ...]
    term_of: str = ""


@dataclass(frozen=True)
class ExerciseKey:
    """is_exact: to the last digits, which finite differences are not
    fingerprints: of the arrays of all suspects, by which they are looked up; see fingerprints.py
    """

    exercise: Exercise
    cases: tuple[CaseKey, ...]
    suspects: tuple[Suspect, ...] = ()
    is_exact: bool = True
    fingerprints: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def request(self) -> Request:
        cases = tuple(one.case for one in self.cases)
        return Request(self.exercise.name, self.exercise.kind, cases, self.exercise.limit_seconds)


@dataclass(frozen=True)
class Key:
    """oracle: "reference" or "numeric", as told in every report
    digest: of all that decides a verdict; a journal line made with another one is stale
    """

    assignment: str
    title: str
    oracle: str
    digest: str
    exercises: tuple[ExerciseKey, ...]

    @property
    def max_score(self) -> int:
        return sum(one.exercise.max_score for one in self.exercises)

    def requests(self) -> tuple[Request, ...]:
        return tuple(one.request for one in self.exercises)


def digest(exercises: tuple[ExerciseKey, ...]) -> str:
    """Of all that decides a verdict."""
    found = hashlib.sha256()
    for one in exercises:
        found.update(json.dumps(as_json(one.exercise), sort_keys=True).encode())
        for case in one.cases:
            for expected in case.expected.values():
                found.update(np.ascontiguousarray(expected.array).tobytes())
    return f"sha256:{found.hexdigest()}"
