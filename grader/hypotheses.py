"""What a wrong array can tell without any suspect: a factor, a transpose, entries that are right.

Each hypothesis looks at one array through all cases and gives an explanation, or None. They know
shapes and numbers, no exercise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
        return self.answer is not None and _equal(self.answer, self.expected, self.size)


@dataclass(frozen=True)
class Explanation:
    mistake: str
    hints: tuple[str, str, str]
    certainty: str


def explanations(column: Sequence[Seen]) -> Iterator[Explanation]:
    """Yield what explains every entry of all cases, the most telling first."""
    for hypothesis in (_overflow, _transpose, _kept_axis, factor, _reduced, _flipped):
        if found := hypothesis(column):
            yield found


def descriptions(column: Sequence[Seen]) -> Iterator[Explanation]:
    """Yield what describes the wrong entries without explaining them."""
    for hypothesis in (_constant, _varying, _part, _transformed):
        if found := hypothesis(column):
            yield found


def state(column: Sequence[Seen]) -> Explanation | None:
    """Right whenever the methods are called once, wrong after other calls."""
    wrong = {seen.case.calls for seen in column if not seen.is_right}
    if "once" in wrong or not wrong:
        return None
    for calls, (mistake, *hints) in STATE.items():
        if calls in wrong:
            return Explanation(mistake, (hints[0], hints[1], hints[2]), "exact")
    return None


def nothing(column: Sequence[Seen]) -> Explanation | None:
    """Zeros, and nothing but zeros."""
    if all(seen.answer is not None and not seen.answer.any() for seen in column):
        return Explanation("all-zero", ZERO, "exact")
    return None


def factor(column: Sequence[Seen]) -> Explanation | None:
    """Every entry off by one factor, which is in each case the same size of the case."""
    known = _ratios(column)
    for (mistake, *hints), factor_of in FACTORS.items() if known else ():
        if all(abs(f - factor_of(case)) <= TOLERANCE * abs(f) for case, f in known):
            return Explanation(mistake, (hints[0], hints[1], hints[2]), "exact")
    return None


def _constant(column: Sequence[Seen]) -> Explanation | None:
    """Every entry off by the same number, whatever it means."""
    known = _ratios(column)
    if not known or any(abs(f - known[0][1]) > TOLERANCE * abs(f) for _, f in known):
        return None
    nature = f"Every entry is {known[0][1]:.4g} times what it should be, whatever the sizes."
    return Explanation("constant-factor", (*ASK_CONSTANT, nature), "likely")


def _varying(column: Sequence[Seen]) -> Explanation | None:
    """Every entry of a case off by one factor, another one in each case."""
    return Explanation("wrong-divisor", DIVISOR, "likely") if len(_ratios(column)) > 1 else None


def _reduced(column: Sequence[Seen]) -> Explanation | None:
    """Added up or averaged over an axis that should stay, with or without one number for all."""
    for (mistake, *hints), reduce in REDUCTIONS.items():
        for axis in (None, 0, -1):
            if all(_is_reduced(seen, reduce, axis) for seen in column):
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
    return _equal(got, np.broadcast_to(kept, want.shape), size) or _equal(
        got.ravel(), kept.ravel(), size
    )


def _transformed(column: Sequence[Seen]) -> Explanation | None:
    """The right gradient, and then a function of it."""
    for (mistake, *hints), function in TRANSFORMS.items():
        if all(
            seen.answer is not None and _equal(seen.answer, function(seen.expected), seen.size)
            for seen in column
        ):
            return Explanation(mistake, (hints[0], hints[1], hints[2]), "exact")
    return None


def _flipped(column: Sequence[Seen]) -> Explanation | None:
    """The right entries in reverse order along an axis."""
    for axis in (0, -1):
        if all(
            seen.answer is not None
            and seen.expected.ndim
            and _equal(seen.answer, np.flip(seen.expected, axis), seen.size)
            for seen in column
        ):
            return Explanation("order-reversed", REVERSED, "exact")
    return None


def _ratios(column: Sequence[Seen]) -> list[tuple[Case, float]]:
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
    is_factor = factor and _equal(got, factor * want, abs(factor) * seen.size)
    return factor if is_factor else None


def _transpose(column: Sequence[Seen]) -> Explanation | None:
    def is_transpose(seen: Seen) -> bool:
        return seen.answer is not None and _equal(seen.answer.T, seen.expected, seen.size)

    if all(is_transpose(seen) for seen in column):
        return Explanation("transposed", TRANSPOSED, "exact")
    return None


def _kept_axis(column: Sequence[Seen]) -> Explanation | None:
    def is_kept(seen: Seen) -> bool:
        got = seen.answer
        if got is None or got.size != seen.expected.size:
            return False
        return (
            _equal(got.reshape(seen.expected.shape), seen.expected, seen.size)
            and np.squeeze(got).shape == np.squeeze(seen.expected).shape
        )

    return Explanation("axis-kept", KEPT, "exact") if all(map(is_kept, column)) else None


def _overflow(column: Sequence[Seen]) -> Explanation | None:
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


def _part(column: Sequence[Seen]) -> Explanation | None:
    """Right on one recognisable part of the entries and wrong on the rest, in every case."""
    for (mistake, *hints), part in PARTS.items():
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


def _equal(a: np.ndarray, b: np.ndarray, size: float) -> bool:
    return a.shape == b.shape and bool((np.abs(a - b) <= TOLERANCE * (size or 1.0)).all())


def _batch(case: Case) -> int:
    return int(next(iter(case.inputs.values())).shape[0])


def _width(case: Case) -> int:
    return int(next(iter(case.inputs.values())).shape[-1])


def _entries(case: Case) -> int:
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
    ): _batch,
    (
        "divided-by-batch",
        "Your gradient shrinks as the batch grows. Where is the mean taken, here or in the loss?",
        "Look at where the size of the batch enters.",
        "Divided by the number of examples once too often.",
    ): lambda case: 1 / _batch(case),
    (
        "not-divided-by-entries",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "The division by the number of entries is missing.",
    ): _entries,
    (
        "divided-by-entries",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "Divided by the number of entries, although nothing is averaged.",
    ): lambda case: 1 / _entries(case),
    (
        "not-divided-by-width",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "The division by the number of columns is missing.",
    ): _width,
    (
        "divided-by-width",
        "How many numbers are averaged?",
        "Look at what you divide by.",
        "Divided by the number of columns once too often.",
    ): lambda case: 1 / _width(case),
}
STATE = {
    "twice": (
        "not-repeatable",
        "Call backward twice: is the second answer the same as the first?",
        "Look at what backward changes on self, and at what it adds to.",
        "backward uses up or adds to what forward or an earlier call left.",
    ),
    "between": (
        "shared-state",
        "Use two instances at once: does the second disturb the first?",
        "Look at what is kept outside of self.",
        "Something is kept where all instances share it: on the class, or in a global variable.",
    ),
    "reused": (
        "stale-state",
        "Use one instance for two inputs: does backward belong to the second?",
        "Look at what is kept from an earlier call.",
        "backward uses what an earlier forward left.",
    ),
}
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
OVERFLOW = (
    "Try inputs of several hundred.",
    "Look for an exponential of something large, or for a quotient of two huge numbers.",
    "The formula is right, but written so that it overflows.",
)
PARTS: Mapping[tuple[str, str, str, str], Callable[[Seen], np.ndarray | None]] = {
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
    (
        "wrong-at-other-classes",
        "What does the loss do when the score of a wrong class grows?",
        "Look at the entries of the classes that are not the true one.",
        "Right at the true class, wrong at all others.",
    ): _true_class,
}
ZERO = (
    "Where is your array filled?",
    "Look at whether what you compute ever reaches the array that you return.",
    "All entries are zero.",
)
DIVISOR = (
    "How many numbers are averaged? Does your answer agree for a batch of another size?",
    "Look at what you divide by.",
    "Every entry is off by one factor, which is another one for other sizes.",
)
REVERSED = (
    "In which order do your entries come?",
    "Look at the direction of your loop, or of your index.",
    "The entries are right but in reverse order.",
)
REDUCED = (
    "Compare the shape of your gradient with the shape of what it belongs to.",
    "Look at where you add up or average.",
)
REDUCTIONS: Mapping[tuple[str, str, str, str], Callable[..., np.ndarray]] = {
    ("summed-too-far", *REDUCED, "Entries are added up that should stay apart."): np.sum,
    ("averaged-too-far", *REDUCED, "Entries are averaged that should stay apart."): np.mean,
}
TRANSFORMS: Mapping[tuple[str, str, str, str], Callable[[np.ndarray], np.ndarray]] = {
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
    (
        "cut-to-integers",
        "Which kind of numbers does your array hold?",
        "Look at where the array is made, and of which type.",
        "The fractions are cut off.",
    ): np.trunc,
}
