"""The right entries in another arrangement, or added up too far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.hypotheses.seen import Explanation, Seen, equal, explained


def transpose(column: Sequence[Seen]) -> Explanation | None:
    def is_transpose(seen: Seen) -> bool:
        return seen.answer is not None and equal(seen.answer.T, seen.expected, seen.size)

    if all(is_transpose(seen) for seen in column):
        return Explanation("transposed", TRANSPOSED, "exact")
    return None


def kept_axis(column: Sequence[Seen]) -> Explanation | None:
    def is_kept(seen: Seen) -> bool:
        got = seen.answer
        if got is None or got.size != seen.expected.size:
            return False
        return (
            equal(got.reshape(seen.expected.shape), seen.expected, seen.size)
            and np.squeeze(got).shape == np.squeeze(seen.expected).shape
        )

    return Explanation("axis-kept", KEPT, "exact") if all(map(is_kept, column)) else None


def flipped(column: Sequence[Seen]) -> Explanation | None:
    """The right entries in reverse order along an axis."""
    for axis in (0, -1):
        if all(
            seen.answer is not None
            and seen.expected.ndim
            and equal(seen.answer, np.flip(seen.expected, axis), seen.size)
            for seen in column
        ):
            return Explanation("order-reversed", REVERSED, "exact")
    return None


def reduced(column: Sequence[Seen]) -> Explanation | None:
    """Added up or averaged over an axis that should stay, with or without one number for all."""
    for (mistake, *hints), reduce in REDUCTIONS.items():
        for axis in (None, 0, -1):
            if all(_is_reduced(seen, reduce, axis) for seen in column):
                if all(np.asarray(seen.answer).shape == seen.expected.shape for seen in column):
                    return explained(SPREAD, "exact")
                return Explanation(mistake, (hints[0], hints[1], hints[2]), "exact")
    return None


def _is_reduced(seen: Seen, reduce: Callable[..., np.ndarray], axis: int | None) -> bool:
    want, got = seen.expected, seen.answer
    if got is None or not want.ndim:
        return False
    kept = reduce(want, axis=axis, keepdims=True)
    shapes = (want.shape, kept.shape, np.squeeze(kept, axis=axis).shape)
    size = max(seen.size, float(np.abs(kept).max(initial=0.0)))
    if got.shape not in shapes:
        return False
    return equal(got, np.broadcast_to(kept, want.shape), size) or equal(
        got.ravel(), kept.ravel(), size
    )


TRANSPOSED = (
    "Compare the shape of your gradient with the shape of what it belongs to.",
    "Look at the order of the factors of your product.",
    "The answer is the transpose of what is expected.",
)
KEPT = (
    "Compare the shape of your gradient with the shape of what it belongs to.",
    "Look at the reduction, and at whether its axis should stay.",
    "The numbers are right, an axis of length 1 is not.",
)
REVERSED = (
    "In which order do your entries come?",
    "Look at the direction of your loop, or of your index.",
    "The entries are right but in reverse order.",
)
SPREAD = (
    "one-number-for-many",
    "Which entries of your answer are equal, and should they be?",
    "Look at where you add up or average, and at where one number spreads over a row or column.",
    "Along an axis all entries are the same number, where each should have its own.",
)
REDUCED = (
    "Compare the shape of your gradient with the shape of what it belongs to.",
    "Look at where you add up or average.",
)
REDUCTIONS: Mapping[tuple[str, str, str, str], Callable[..., np.ndarray]] = {
    ("summed-too-far", *REDUCED, "Entries are added up that should stay apart."): np.sum,
    ("averaged-too-far", *REDUCED, "Entries are averaged that should stay apart."): np.mean,
}


def rearranged(column: Sequence[Seen]) -> Explanation | None:
    """All the right numbers, in another shape or at other places."""
    wrong = [seen for seen in column if not seen.is_right]
    if all(_has_same_order(seen) for seen in wrong):
        return explained(UNSHAPED, "exact")
    if all(_has_same_entries(seen) for seen in wrong) and any(map(_tells_places, wrong)):
        return explained(REARRANGED, "exact")
    return None


def _has_same_order(seen: Seen) -> bool:
    return seen.answer is not None and equal(seen.answer.ravel(), seen.expected.ravel(), seen.size)


def _has_same_entries(seen: Seen) -> bool:
    if seen.answer is None:
        return False
    return equal(np.sort(seen.answer, axis=None), np.sort(seen.expected, axis=None), seen.size)


def _tells_places(seen: Seen) -> bool:
    """Of few different numbers some come out at any place."""
    return len(np.unique(np.round(seen.expected, 9))) >= FEWEST_NUMBERS


FEWEST_NUMBERS = 4
UNSHAPED = (
    "shape-wrong",
    "Compare the shape of your gradient with the shape of what it belongs to.",
    "Look at where your array gets its shape.",
    "The numbers are right and in the right order, but in an array of another shape.",
)
REARRANGED = (
    "entries-rearranged",
    "Follow a single entry: where does it come from, and where does it belong?",
    "Look at the order of your axes, of your parts and of your indices.",
    "All numbers are right, but they stand at other places.",
)
