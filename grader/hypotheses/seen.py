"""One array in all cases: what a hypothesis looks at, and what it says.

They know shapes and numbers, no exercise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.exercise import Case

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Seen:
    """One array of one case: what was expected, what came back (None where nothing did)."""

    case: Case
    expected: np.ndarray
    size: float
    answer: np.ndarray | None

    @property
    def is_right(self) -> bool:
        return self.answer is not None and equal(self.answer, self.expected, self.size)


@dataclass(frozen=True)
class Explanation:
    mistake: str
    hints: tuple[str, str, str]
    certainty: str


def equal(a: np.ndarray, b: np.ndarray, size: float, tolerance: float = TOLERANCE) -> bool:
    """To rounding. What is not finite equals its like, if there are numbers beside it that tell."""
    if a.shape != b.shape:
        return False
    with np.errstate(invalid="ignore"):
        near = np.abs(a - b) <= tolerance * (size or 1.0)
    if near.all():
        return True
    alike = near | (a == b) | (np.isnan(a) & np.isnan(b))
    return bool(alike.all() and np.isfinite(b).any())


def explained(words: tuple[str, str, str, str], certainty: str) -> Explanation:
    """The name of the mistake, then the three levels of its hint."""
    mistake, nudge, place, nature = words
    return Explanation(mistake, (nudge, place, nature), certainty)
