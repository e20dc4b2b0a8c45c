"""Right but for what was done to the numbers at the end, or for their size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.hypotheses.seen import Explanation, Seen, equal, explained


def nothing(column: Sequence[Seen]) -> Explanation | None:
    """Zeros, and nothing but zeros."""
    if all(seen.answer is not None and not seen.answer.any() for seen in column):
        return Explanation("all-zero", ZERO, "exact")
    return None


def overflow(column: Sequence[Seen]) -> Explanation | None:
    """Right, but for cases where the numbers become so large that nan or inf come back."""
    wrong = [seen for seen in column if not seen.is_right]
    bad = [
        seen.answer is not None
        and seen.answer.shape == seen.expected.shape
        and not np.isfinite(seen.answer).all()
        for seen in wrong
    ]
    if wrong and len(wrong) < len(column) and all(bad):
        return Explanation("overflow", OVERFLOW, "exact")
    return None


def whole_numbers(column: Sequence[Seen]) -> Explanation | None:
    """The right gradient in an array of integers."""
    return _transformed(column, INTEGERS)


def transformed(column: Sequence[Seen]) -> Explanation | None:
    """The right gradient, and then a function of it."""
    return _transformed(column, TRANSFORMS)


Transforms = Mapping[tuple[str, str, str, str], Callable[[np.ndarray], np.ndarray]]


def _transformed(column: Sequence[Seen], transforms: Transforms) -> Explanation | None:
    for (mistake, *hints), function in transforms.items():
        if all(
            seen.answer is not None and equal(seen.answer, function(seen.expected), seen.size)
            for seen in column
        ):
            return Explanation(mistake, (hints[0], hints[1], hints[2]), "exact")
    return None


def clipped(column: Sequence[Seen]) -> Explanation | None:
    """Right as far as one number, at which larger entries are cut off on both sides."""
    answers = [seen.answer for seen in column if seen.answer is not None]
    if len(answers) < len(column):
        return None
    limit = max(float(np.abs(answer).max(initial=0.0)) for answer in answers)
    cut = [seen for seen in column if np.abs(seen.expected).max(initial=0.0) > limit]
    if len(cut) > 1 and all(_is_clipped(seen, limit) for seen in column):
        return explained(CLIPPED, "exact")
    return None


def _is_clipped(seen: Seen, limit: float) -> bool:
    answer = np.asarray(seen.answer)
    return equal(answer, np.clip(seen.expected, -limit, limit), min(seen.size, limit))


CLIPPED = (
    "clipped",
    "How large may a gradient become?",
    "Look at what happens to the large entries of your result.",
    "Large entries are cut off at a fixed size, which is no part of the derivative.",
)
ZERO = (
    "Where is your array filled?",
    "Look at whether what you compute ever reaches the array that is asked for.",
    "All entries are zero.",
)
OVERFLOW = (
    "Try inputs of several hundred.",
    "Look for an exponential of something large, or for a quotient of two huge numbers.",
    "The formula is right, but written so that it overflows.",
)
INTEGERS: Transforms = {
    (
        "cut-to-integers",
        "Which kind of numbers does your array hold?",
        "Look at where the array is made, and of which type.",
        "The fractions are cut off.",
    ): np.trunc,
    (
        "rounded-down",
        "Which kind of numbers does your array hold, and what does your division do to them?",
        "Look at where the array is made, at its type and at how you divide.",
        "Every entry is rounded down to a whole number.",
    ): np.floor,
}
TRANSFORMS: Transforms = {
    (
        "sign-lost",
        "Over- and undershooting should push in opposite directions: do they?",
        "Look for an absolute value.",
        "The sign is lost.",
    ): np.abs,
    (
        "clipped-below",
        "May a gradient be negative?",
        "Look at what happens to the negative entries of your result.",
        "The negative entries are cut off.",
    ): lambda array: np.maximum(array, 0.0),
    (
        "size-lost",
        "Should a large error push harder than a small one?",
        "Look for a sign function.",
        "Only the sign is left.",
    ): np.sign,
}


def rounded(column: Sequence[Seen]) -> Explanation | None:
    """Right to the precision of 16 bits, and made of numbers that need no more."""
    if all(_is_rounded(seen) for seen in column):
        return explained(ROUNDED, "exact")
    return None


def _is_rounded(seen: Seen) -> bool:
    got = seen.answer
    if got is None or got.shape != seen.expected.shape or not got.any():
        return seen.is_right
    is_short = bool((got.astype(np.float16).astype(float) == got).all())
    return is_short and equal(got, seen.expected, seen.size, SHORT)


def nearly(column: Sequence[Seen]) -> Explanation | None:
    """Off by little in every entry of every case, which no wrong formula is by chance."""
    off = [seen for seen in column if not seen.is_right]
    near = [
        seen.answer is not None and equal(seen.answer, seen.expected, seen.size, NEAR)
        for seen in off
    ]
    return explained(NEARLY, "likely") if off and all(near) else None


SHORT = 2e-3  # relative; of a 16-bit number, after a few operations
NEAR = 1e-3  # relative to the gradient's size
ROUNDED = (
    "half-precision",
    "How many digits does the type of your array hold?",
    "Look at where the array is made, and of which type.",
    "The numbers are right, but rounded to 16 bits.",
)
NEARLY = (
    "nearly-right",
    "Is every small number of the formula there, and is each step of yours exact?",
    "Look for a small constant that is missing or added, and for a difference with a wide step.",
    "All entries are nearly right: something small is missing, or something is approximate.",
)
