"""One result, or an argument, in the place of another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

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


def involved(column: Sequence[Seen]) -> Explanation | None:
    """An argument is a factor, a divisor or a term too many."""
    for name in _arguments(column[0].case):
        for words, apply in INVOLVED.items():
            if all(_is_involved(seen, name, apply) for seen in column):
                return explained(words, "exact")
    return None


def _is_involved(seen: Seen, name: str, apply: Apply) -> bool:
    handed_in = _arguments(seen.case).get(name)
    if handed_in is None or handed_in.shape != seen.expected.shape or seen.answer is None:
        return False
    with np.errstate(all="ignore"):
        got = apply(seen.expected, handed_in.astype(float))
    size = float(np.abs(got[np.isfinite(got)]).max(initial=0.0))
    return equal(seen.answer, got, max(size, seen.size))


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
Apply = Callable[[np.ndarray, np.ndarray], np.ndarray]
EXTRA_FACTOR = (
    "extra-factor",
    "The chain rule multiplies: is every factor a link of the chain?",
    "Count the factors of your product against the links of the chain.",
    "A factor stands there that does not belong.",
)
EXTRA_DIVISOR = (
    "extra-divisor",
    "By what is your answer too small, or too large?",
    "Look at what you divide by.",
    "A divisor stands there that does not belong.",
)
EXTRA_TERM = (
    "extra-term",
    "Does every term of your sum come from an effect of the input?",
    "Count the terms of your sum against the ways in which the input has an effect.",
    "A term stands there that does not belong.",
)
INVOLVED: Mapping[tuple[str, str, str, str], Apply] = {
    EXTRA_FACTOR: np.multiply,
    EXTRA_DIVISOR: np.divide,
    EXTRA_TERM: np.add,
    (*EXTRA_TERM[:3], "A term is taken away that does not belong."): np.subtract,
}
ARGUMENT = (
    "argument-returned",
    "What happens to the argument on its way to the result?",
    "Look at which array you return.",
    "What comes back is an argument, unchanged.",
)
