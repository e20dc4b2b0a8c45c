"""Right on one recognisable part of the entries, and wrong on the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from grader.hypotheses.seen import TOLERANCE, Explanation, Seen, explained

Parts = Mapping[tuple[str, str, str, str], Callable[[Seen], np.ndarray | None]]


def part(column: Sequence[Seen]) -> Explanation | None:
    """Right on one recognisable part of the entries and wrong on the rest, in every case."""
    return _first_of(PARTS, column)


def label(column: Sequence[Seen]) -> Explanation | None:
    """Right for one of two labels and wrong for the other, in every case."""
    return _first_of(PARTS_BY_LABEL, column)


def _first_of(parts: Parts, column: Sequence[Seen]) -> Explanation | None:
    for (mistake, *hints), part in parts.items():
        if _right_exactly_on(column, part):
            return Explanation(mistake, (hints[0], hints[1], hints[2]), "likely")
    return None


def _right_exactly_on(column: Sequence[Seen], part: Callable[[Seen], np.ndarray | None]) -> bool:
    """Right on all of the part, wrong on most of the rest, with enough of both to tell."""
    inside = outside = wrong = 0
    for seen in column:
        mask = part(seen)
        if seen.answer is None or seen.answer.shape != seen.expected.shape or mask is None:
            return False
        right = np.abs(seen.answer - seen.expected) <= TOLERANCE * seen.size
        if not right[mask].all():
            return False
        telling = ~mask & (np.abs(seen.expected) > TOLERANCE * seen.size)  # a zero is easy to hit
        inside, outside = inside + int(mask.sum()), outside + int(telling.sum())
        wrong += int((~right[telling]).sum())
    return inside >= len(column) and wrong >= max(len(column), 0.7 * outside)


def _where_input(test: Callable[[np.ndarray], np.ndarray]) -> Callable[[Seen], np.ndarray | None]:
    def part(seen: Seen) -> np.ndarray | None:
        first = next(iter(seen.case.inputs.values()))
        return test(first) if first.shape == seen.expected.shape else None

    return part


def _where_target(label: float) -> Callable[[Seen], np.ndarray | None]:
    """Where one of two classes is the true one."""

    def part(seen: Seen) -> np.ndarray | None:
        targets = seen.case.inputs.get("targets")
        if targets is None or targets.shape != seen.expected.shape:
            return None
        return np.asarray(targets == label)

    return part


def _rows(chosen: slice) -> Callable[[Seen], np.ndarray | None]:
    def part(seen: Seen) -> np.ndarray | None:
        if not seen.expected.ndim:
            return None
        mask = np.zeros(seen.expected.shape, dtype=bool)
        mask[chosen] = True
        return mask

    return part


def _true_class(seen: Seen) -> np.ndarray | None:
    """The entry of each row that an integer target names."""
    targets = seen.case.inputs.get("targets")
    if targets is None or seen.expected.ndim != 2 or targets.shape != seen.expected.shape[:1]:  # noqa: PLR2004
        return None
    mask = np.zeros(seen.expected.shape, dtype=bool)
    mask[np.arange(len(targets)), targets.astype(int)] = True
    return mask


def _not_true_class(seen: Seen) -> np.ndarray | None:
    mask = _true_class(seen)
    return None if mask is None else ~mask


PARTS: Parts = {
    (
        "first-example-only",
        "Try a batch of one, then one of three.",
        "Look at your loop, and at what lies inside of it.",
        "Only the first example is right.",
    ): _rows(slice(0, 1)),
    (
        "last-example-only",
        "Try a batch of one, then one of three.",
        "Look at your loop, and at what lies inside of it.",
        "Only the last example is right.",
    ): _rows(slice(-1, None)),
    (
        "first-example-left-out",
        "Try a batch of one, then one of three.",
        "Look at where your loop begins.",
        "The first example is wrong, all others are right.",
    ): _rows(slice(1, None)),
    (
        "last-example-left-out",
        "Try a batch of one, then one of three.",
        "Look at where your loop ends.",
        "The last example is wrong, all others are right.",
    ): _rows(slice(0, -1)),
    (
        "wrong-where-negative",
        "What is the slope where the input is below 0?",
        "Look at the entries whose input is negative.",
        "Right where the input is positive, wrong where it is negative.",
    ): _where_input(lambda x: x > 0),
    (
        "wrong-where-positive",
        "What is the slope where the input is above 0?",
        "Look at the entries whose input is positive.",
        "Right where the input is negative, wrong where it is positive.",
    ): _where_input(lambda x: x < 0),
    (
        "wrong-at-true-class",
        "In how many terms of the loss does the score of the true class appear?",
        "Look at the entry of the true class in each row.",
        "All entries are right except those of the true class.",
    ): _not_true_class,
}
PARTS_BY_LABEL: Parts = {
    (
        "wrong-for-targets-of-zero",
        "What does the loss look like where the target is 0?",
        "Look at the examples whose target is 0.",
        "Right where the target is 1, wrong where it is 0.",
    ): _where_target(1),
    (
        "wrong-for-targets-of-one",
        "What does the loss look like where the target is 1?",
        "Look at the examples whose target is 1.",
        "Right where the target is 0, wrong where it is 1.",
    ): _where_target(0),
    (
        "wrong-at-other-classes",
        "What does the loss do when the score of a wrong class grows?",
        "Look at the entries of the classes that are not the true one.",
        "Right at the true class, wrong at all others.",
    ): _true_class,
}


def along_an_axis(column: Sequence[Seen]) -> Explanation | None:
    """Right at some places along an axis and wrong at the others, the same ones in every case."""
    wrong = [seen for seen in column if not seen.is_right]
    if any(seen.answer is None or seen.answer.shape != seen.expected.shape for seen in wrong):
        return None
    for axis in range(min((seen.expected.ndim for seen in wrong), default=0)):
        names = {_where_right(seen, axis) for seen in wrong}
        if len(names) == 1 and (where := names.pop()):
            place = f"Look at axis {axis} of your array."
            nature = f"Along axis {axis} {where} right, and all else is wrong."
            return Explanation("right-along-part-of-an-axis", (ASK_PART, place, nature), "likely")
    return None


def _where_right(seen: Seen, axis: int) -> str:
    """In words, at which places of the axis all is right; "" where no words fit."""
    length = seen.expected.shape[axis]
    flat = np.moveaxis(seen.expected, axis, 0).reshape(length, -1)
    got = np.moveaxis(np.asarray(seen.answer), axis, 0).reshape(length, -1)
    right = (np.abs(got - flat) <= TOLERANCE * seen.size).all(axis=1)
    telling = (np.abs(flat) > TOLERANCE * seen.size).any(axis=1)
    if length < FEWEST_PLACES or not telling[right].any():
        return ""
    number = np.arange(length)
    for words, chosen in PLACES.items():
        if (right == chosen(number, length)).all():
            return words
    for count in BLOCKS:
        blocks = right.reshape(count, -1) if length % count == 0 and length > count else right[:0]
        if len(blocks) and (blocks.all(axis=1) | ~blocks.any(axis=1)).all() and blocks.any():
            listed = " and ".join(str(at + 1) for at in np.flatnonzero(blocks.all(axis=1)))
            return f"part {listed} of {count} equal parts is"
    return ""


def left_zero(column: Sequence[Seen]) -> Explanation | None:
    """Zeros in place of some entries, and all others right."""
    return explained(LEFT_ZERO, "likely") if _differs_only(column, _is_zero_here) else None


def not_zero(column: Sequence[Seen]) -> Explanation | None:
    """Something where nothing belongs, and all other entries right."""
    return explained(NOT_ZERO, "likely") if _differs_only(column, _is_zero_there) else None


def _is_zero_here(seen: Seen) -> np.ndarray:
    return np.asarray(seen.answer == 0)


def _is_zero_there(seen: Seen) -> np.ndarray:
    return np.asarray(np.abs(seen.expected) <= TOLERANCE * seen.size)


def _differs_only(column: Sequence[Seen], where: Callable[[Seen], np.ndarray]) -> bool:
    """Say whether all wrong entries of all cases lie there, and that some others are right."""
    some = False
    for seen in column:
        if seen.answer is None or seen.answer.shape != seen.expected.shape:
            return False
        right = np.abs(seen.answer - seen.expected) <= TOLERANCE * seen.size
        if not (right | where(seen)).all():
            return False
        some = some or bool((right & ~where(seen) & ~_is_zero_there(seen)).any())
    return some


def right_in_total(column: Sequence[Seen]) -> Explanation | None:
    """The sum of all entries is right in every case, as when all arrive, but at other places."""
    wrong = [seen for seen in column if not seen.is_right]
    return explained(IN_TOTAL, "likely") if wrong and all(map(_has_same_sum, wrong)) else None


def _has_same_sum(seen: Seen) -> bool:
    """Of entries whose sum means something: gradients often add up to zero."""
    if seen.answer is None or not seen.answer.size or not np.isfinite(seen.answer).all():
        return False
    whole, total = float(np.abs(seen.expected).sum()), float(seen.expected.sum())
    gap = abs(float(seen.answer.sum()) - total)
    return seen.expected.size > 1 and abs(total) > MEANT * whole and gap <= TOLERANCE * whole


FEWEST_PLACES = 2
BLOCKS = (2, 3, 4)
MEANT = 1e-3  # a sum below this share of what was added up may be zero by a law
ASK_PART = "What do the right entries have in common that the wrong ones have not?"
PLACES: Mapping[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "only the first place is": lambda number, length: number == 0,
    "only the last place is": lambda number, length: number == length - 1,
    "all places but the first are": lambda number, length: number > 0,
    "all places but the last are": lambda number, length: number < length - 1,
}
LEFT_ZERO = (
    "entries-left-zero",
    "Which entries are never reached?",
    "Look at where your loops and slices begin and end, and at your condition.",
    "Some entries are zero that should not be; all others are right.",
)
NOT_ZERO = (
    "entries-not-zero",
    "Which entries have no effect on the output?",
    "Look at the condition or the mask that should keep entries at zero.",
    "Some entries are not zero that should be; all others are right.",
)
IN_TOTAL = (
    "right-in-total",
    "Where does each contribution belong?",
    "Look at the places to which you add.",
    "All entries together have the right sum, but what is added arrives at wrong places.",
)
