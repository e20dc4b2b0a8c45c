"""A sum of the reference with other weights on its terms: some are missing, negative or scaled.

The reference was played with each of the terms alone. What is linear in the sum is the weighted
sum of those answers, so the weights behind a student's array can be computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np

from grader.exercise import Case
from grader.hypotheses.seen import Explanation, Seen, equal

SINGULAR = 1e-3  # below this the terms are too much alike
NEAR = 1e-5  # of weights


def weights(column: Sequence[Seen], terms: Sequence[Sequence[np.ndarray]]) -> Explanation | None:
    """terms: for every term what it alone gives in each case, in the shape of the answer"""
    if any(seen.answer is None or seen.answer.shape != seen.expected.shape for seen in column):
        return None
    bases = [_basis(seen, [one[at] for one in terms]) for at, seen in enumerate(column)]
    found = [_solved(seen, *basis) for seen, basis in zip(column, bases, strict=True)]
    known = [
        [name for name, of in WEIGHTS.items() if _agree(column, found, of, number)]
        for number in range(len(terms))
    ]
    for names in product(*(one[:2] for one in known)):
        fits = (_fits(s, *b, names) for s, b in zip(column, bases, strict=True))
        if any(name != "once" for name in names) and all(fits):
            return _explanation(names)
    return None


Basis = tuple[np.ndarray, np.ndarray]


def _basis(seen: Seen, alone: Sequence[np.ndarray]) -> Basis:
    """What comes without any of the terms, and what each of them adds; entries in a row."""
    constant = (sum(alone) - seen.expected) / (len(alone) - 1)
    return np.ravel(constant), np.stack([np.ravel(one - constant) for one in alone], axis=1)


def _solved(seen: Seen, constant: np.ndarray, added: np.ndarray) -> np.ndarray | None:
    """The weights; None where this case does not tell them."""
    size = np.abs(added).max(initial=0.0)
    answer = np.ravel(np.asarray(seen.answer)) - constant
    if added.shape[0] < added.shape[1] or not size or not np.isfinite([size, *answer]).all():
        return None
    values = np.linalg.svd(added / size, compute_uv=False)
    if values[-1] <= SINGULAR:
        return None
    return np.asarray(np.linalg.lstsq(added, answer, rcond=None)[0])


def _agree(
    column: Sequence[Seen],
    found: Sequence[np.ndarray | None],
    weight: Callable[[Case], float],
    number: int,
) -> bool:
    told = [(s.case, w[number]) for s, w in zip(column, found, strict=True) if w is not None]
    return len(told) > 1 and all(
        abs(w - weight(case)) <= NEAR * max(1.0, abs(w)) for case, w in told
    )


def _fits(seen: Seen, constant: np.ndarray, added: np.ndarray, names: Sequence[str]) -> bool:
    used = np.array([WEIGHTS[name](seen.case) for name in names])
    size = max(seen.size, float(np.abs(added * used).max(initial=0.0)))
    return equal(constant + added @ used, np.ravel(np.asarray(seen.answer)), size)


def _explanation(names: Sequence[str]) -> Explanation:
    odd = [name for name in names if name != "once"]
    if all(name == "not at all" for name in odd):
        nature = "A term of a sum is missing, or several are."
        return Explanation("term-missing", (*ASK_TERMS, nature), "likely")
    if all(name == "negative" for name in odd):
        nature = "A term of a sum has the wrong sign."
        return Explanation("term-sign-wrong", (*ASK_TERMS, nature), "likely")
    listed = "; ".join(f"term {n + 1} {name}" for n, name in enumerate(names) if name != "once")
    nature = f"The terms of a sum enter with wrong weights: {listed}."
    return Explanation("term-weight-wrong", (*ASK_TERMS, nature), "likely")


def _n(case: Case) -> int:
    return int(next(iter(case.inputs.values())).shape[0])


def _d(case: Case) -> int:
    return int(next(iter(case.inputs.values())).shape[-1])


ASK_TERMS = (
    "How many ways lead from this input to the output, and how much does each count?",
    "Look at the terms of your sum, at their signs and at what each is divided by.",
)
WEIGHTS: Mapping[str, Callable[[Case], float]] = {
    "once": lambda case: 1.0,
    "not at all": lambda case: 0.0,
    "negative": lambda case: -1.0,
    "twice": lambda case: 2.0,
    "half": lambda case: 0.5,
    "times the batch": _n,
    "divided by the batch": lambda case: 1 / _n(case),
    "times the width": _d,
    "divided by the width": lambda case: 1 / _d(case),
    "divided by the batch in place of the width": lambda case: _d(case) / _n(case),
    "divided by the width in place of the batch": lambda case: _n(case) / _d(case),
    "divided by one less than the batch": lambda case: _n(case) / max(_n(case) - 1, 1),
    "divided by one less than the width": lambda case: _d(case) / max(_d(case) - 1, 1),
    "less its share in the batch": lambda case: 1 - 1 / _n(case),
    "less its share in the width": lambda case: 1 - 1 / _d(case),
}
