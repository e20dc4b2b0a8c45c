"""Every entry off by one factor, and which size of the case it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np

from grader.exercise import Case
from grader.hypotheses.seen import TOLERANCE, Explanation, Seen, equal


def factor(column: Sequence[Seen]) -> Explanation | None:
    """Every entry off by one factor, which is in each case the same size of the case."""
    known = ratios(column)
    for (mistake, *hints), factor_of in FACTORS.items() if known else ():
        if all(abs(f - factor_of(case)) <= TOLERANCE * abs(f) for case, f in known):
            return Explanation(mistake, (hints[0], hints[1], hints[2]), "exact")
    return None


def constant(column: Sequence[Seen]) -> Explanation | None:
    """Every entry off by the same number, whatever it means."""
    known = ratios(column)
    if not known or any(abs(f - known[0][1]) > TOLERANCE * abs(f) for _, f in known):
        return None
    nature = f"Every entry is {known[0][1]:.4g} times what it should be, whatever the sizes."
    return Explanation("constant-factor", (*ASK_CONSTANT, nature), "likely")


def varying(column: Sequence[Seen]) -> Explanation | None:
    """Every entry of a case off by one factor, another one in each case."""
    several = [seen for seen in column if seen.expected.size > 1]  # one number is always a multiple
    return Explanation("wrong-divisor", DIVISOR, "likely") if len(ratios(several)) > 1 else None


def ratios(column: Sequence[Seen]) -> list[tuple[Case, float]]:
    """The factor of each case that has one; none at all where some case has none but should."""
    factors = [(seen, _ratio(seen)) for seen in column]
    if any(f is None and not _is_zero(seen) for seen, f in factors):
        return []
    return [(seen.case, f) for seen, f in factors if f is not None]


def _is_zero(seen: Seen) -> bool:
    """Nothing to take a ratio of: zero is expected, and zero came."""
    return seen.is_right and not np.abs(seen.expected).max(initial=0.0) > TOLERANCE * seen.size


def _ratio(seen: Seen) -> float | None:
    got, want = seen.answer, seen.expected
    if got is None or got.shape != want.shape or _is_zero(seen) or not np.isfinite(got).all():
        return None
    square = float(np.sum(want * want))
    factor = float(np.sum(got * want)) / square if square else 0.0
    is_factor = factor and equal(got, factor * want, abs(factor) * seen.size)
    return factor if is_factor else None


def batch(case: Case) -> int:
    return int(next(iter(case.inputs.values())).shape[0])


def width(case: Case) -> int:
    return int(next(iter(case.inputs.values())).shape[-1])


def entries(case: Case) -> int:
    return next(iter(case.inputs.values())).size


ASK_CONSTANT = (
    "Where does each number in your formula come from?",
    "Look at the constants, and at what is averaged.",
)
FACTORS: Mapping[tuple[str, str, str, str], Callable[[Case], float]] = {
    (
        "sign-flipped",
        "Which way does the output move when the input grows a little?",
        "Look at the signs.",
        "Every entry has the wrong sign.",
    ): lambda case: -1.0,
    (
        "factor-two-missing",
        "What does the power rule put in front?",
        "Look at the constants.",
        "Every entry is half of what it should be.",
    ): lambda case: 0.5,
    (
        "factor-two-extra",
        "Where does the 2 in your formula come from?",
        "Look at the constants.",
        "Every entry is twice what it should be.",
    ): lambda case: 2.0,
    (
        "not-divided-by-batch",
        "Is your loss a sum or a mean? And your gradient?",
        "Look at where the size of the batch should enter.",
        "The division by the number of examples is missing.",
    ): batch,
    (
        "divided-by-batch",
        "Your gradient shrinks as the batch grows. Where is the mean taken, here or in the loss?",
        "Look at where the size of the batch enters.",
        "Divided by the number of examples once too often.",
    ): lambda case: 1 / batch(case),
    (
        "not-divided-by-entries",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "The division by the number of entries is missing.",
    ): entries,
    (
        "divided-by-entries",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "Divided by the number of entries, although nothing is averaged.",
    ): lambda case: 1 / entries(case),
    (
        "not-divided-by-width",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "The division by the number of columns is missing.",
    ): width,
    (
        "divided-by-width",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "Divided by the number of columns once too often.",
    ): lambda case: 1 / width(case),
}
DIVISOR = (
    "How many numbers are averaged? Does your answer agree for a batch of another size?",
    "Look at what you divide by.",
    "Every entry is off by one factor, which is another one for other sizes.",
)


def along_axes(column: Sequence[Seen]) -> Explanation | None:
    """Every row, or every place, off by a factor of its own."""
    return _with_own(column, "factor-of-its-own", OWN_FACTOR, _is_multiple)


def shifted(column: Sequence[Seen]) -> Explanation | None:
    """Every row, or every place, off by a term of its own."""
    return _with_own(column, "term-of-its-own", OWN_TERM, _is_shifted)


def _with_own(
    column: Sequence[Seen],
    mistake: str,
    words: tuple[str, str, str],
    fits: Callable[[np.ndarray, np.ndarray, float], bool],
) -> Explanation | None:
    wrong = [seen for seen in column if not seen.is_right]
    if any(seen.answer is None or seen.answer.shape != seen.expected.shape for seen in wrong):
        return None
    axes = min((seen.expected.ndim for seen in wrong), default=0)
    for count in range(axes):
        for kept in combinations(range(axes), count):
            pairs = [(_rows_of(s.answer, kept), _rows_of(s.expected, kept), s.size) for s in wrong]
            telling = [
                pair for pair in pairs if pair[0].shape[1] > 1 and len(pair[0]) > (count > 0)
            ]
            if len(telling) > 1 and all(fits(*pair) for pair in pairs):
                listed = " and ".join(map(str, kept))
                nudge, place, nature = words
                told = nature.format(f"Along axis {listed} every place" if count else "The whole")
                return Explanation(mistake, (nudge, place, told), "likely")
    return None


def _rows_of(array: np.ndarray | None, kept: tuple[int, ...]) -> np.ndarray:
    """A row of the result holds the entries of one place along the kept axes."""
    front = np.moveaxis(np.asarray(array), kept, range(len(kept)))
    return front.reshape(int(np.prod(front.shape[: len(kept)])), -1)


def _is_multiple(got: np.ndarray, want: np.ndarray, size: float) -> bool:
    squares = (want * want).sum(axis=1, keepdims=True)
    factors = (got * want).sum(axis=1, keepdims=True) / np.where(squares > 0, squares, 1)
    near = size * np.maximum(1.0, np.abs(factors))
    is_lost = (squares > 0) & (np.abs(factors) <= TOLERANCE)  # zeros are no multiple
    return bool((np.abs(got - factors * want) <= TOLERANCE * near).all() and not is_lost.any())


def _is_shifted(got: np.ndarray, want: np.ndarray, size: float) -> bool:
    terms = (got - want)[:, :1]
    near = size + np.abs(terms)
    return bool((np.abs(got - want - terms) <= TOLERANCE * near).all())


OWN_FACTOR = (
    "By what is each row of your answer off, and what has that size?",
    "Look at factors and divisors that differ from row to row, or from place to place.",
    "{} is off by a factor of its own: one is missing, or is another one.",
)
OWN_TERM = (
    "By how much is each row of your answer off, and what has that size?",
    "Look for a term that is the same for all entries of a row.",
    "{} is off by a term of its own: one is missing, or does not belong.",
)
