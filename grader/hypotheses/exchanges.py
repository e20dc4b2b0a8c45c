"""One result, or an argument, in the place of another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from grader.exercise import Case
from grader.hypotheses.seen import Explanation, Seen, equal, explained


def exchanged(columns: Mapping[str, Sequence[Seen]], name: str) -> Explanation | None:
    """What another name should hold came back under this one."""
    for other, column in columns.items():
        is_alike = other != name and len(column) == len(columns[name])
        if is_alike and all(map(_stands_for, columns[name], column)):
            return explained(EXCHANGED, "exact")
    return None


def _stands_for(seen: Seen, other: Seen) -> bool:
    return seen.answer is not None and equal(seen.answer, other.expected, other.size)


def missing(columns: Mapping[str, Sequence[Seen]], name: str) -> Explanation | None:
    """Never computed, although others are; where nothing is, nothing was filled in."""
    absent = {n for n, column in columns.items() if all(seen.answer is None for seen in column)}
    return explained(MISSING, "exact") if name in absent and len(absent) < len(columns) else None


def argument(column: Sequence[Seen]) -> Explanation | None:
    """An argument came back as it was handed in."""
    for name in _arguments(column[0].case):
        if all(_is_argument(seen, name) for seen in column):
            return explained(ARGUMENT, "exact")
    return None


def _is_argument(seen: Seen, name: str) -> bool:
    handed_in = _arguments(seen.case).get(name)
    if seen.answer is None or handed_in is None:
        return False
    return equal(seen.answer, handed_in, float(np.abs(handed_in).max(initial=0.0)))


def _arguments(case: Case) -> dict[str, np.ndarray]:
    upstream = {} if case.upstream is None else {"upstream": case.upstream}
    return {**case.inputs, **case.params, **upstream}


MISSING = (
    "result-missing",
    "Which results does the exercise ask for, and under which names?",
    "Look at what you return, and at what you set on self.",
    "One of the results never arrives.",
)
EXCHANGED = (
    "results-exchanged",
    "Which result is which?",
    "Look at the order in which you return your results, and at the names you give them.",
    "One result stands in the place of another.",
)
ARGUMENT = (
    "argument-returned",
    "What happens to the argument on its way to the result?",
    "Look at which array you return.",
    "What comes back is an argument, unchanged.",
)
