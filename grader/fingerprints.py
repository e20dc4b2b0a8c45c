"""Which suspects are worth a look: the others differ from the answer already from afar.

A fingerprint is an array's sums under a few fixed weights, in the first cases that ask for it. The
fingerprints of all suspects are compared at once; no suspect that fits is ever passed over, and
those that are left are compared entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from grader.key import CaseKey, ExerciseKey, Suspect

WEIGHTS = 6
CASES = 3
TOLERANCE = 1e-5  # relative to the size of the array; an entry may differ by a tenth of it


def fingerprints(
    suspects: Sequence[Suspect], cases: Sequence[CaseKey], names: Sequence[str]
) -> Mapping[str, np.ndarray]:
    """For every array: suspects by cases by weights; NaN where a suspect lacks the array."""
    return {name: _table(suspects, name, _asked(cases, name)) for name in names}


def _asked(cases: Sequence[CaseKey], name: str) -> list[int]:
    return [number for number, case in enumerate(cases) if name in case.expected][:CASES]


def _table(suspects: Sequence[Suspect], name: str, asked: Sequence[int]) -> np.ndarray:
    table = np.full((len(suspects), len(asked), WEIGHTS), np.nan)
    for row, suspect in zip(table, suspects, strict=True):
        for at, number in enumerate(asked):
            if name in (arrays := suspect.arrays[number] or {}):
                row[at] = _fingerprint(arrays[name])
    return table


def _fingerprint(array: np.ndarray) -> np.ndarray:
    """What is not finite counts as 0."""
    entries = np.where(np.isfinite(array), array, 0.0).ravel()
    with np.errstate(all="ignore"):  # a suspect may be of any size
        return np.asarray(entries @ _weights(entries.size))


@lru_cache(maxsize=256)
def _weights(size: int) -> np.ndarray:
    return np.random.default_rng(size).uniform(0.5, 1.5, (size, WEIGHTS))


def alike(
    key: ExerciseKey, name: str, answers: Sequence[np.ndarray | None], misses: int = 0
) -> list[Suspect]:
    """Suspects whose array may equal the answers.

    answers: in all cases that ask for the array
    misses: of the first cases, in how many a suspect may differ
    """
    return _near(key, name, answers, _once, misses)


def multiples(key: ExerciseKey, name: str, answers: Sequence[np.ndarray | None]) -> list[Suspect]:
    """Suspects of whose array the answers may be a multiple, another one in every case."""
    return _near(key, name, answers, _factor)


Factor = Callable[[np.ndarray, np.ndarray], np.ndarray]


@np.errstate(all="ignore")
def _near(
    key: ExerciseKey,
    name: str,
    answers: Sequence[np.ndarray | None],
    factor: Factor,
    misses: int = 0,
) -> list[Suspect]:
    if name not in key.fingerprints:
        return list(key.suspects)
    table, asked = key.fingerprints[name], _asked(key.cases, name)
    missed, told = np.zeros(len(table), dtype=int), np.zeros(len(table), dtype=bool)
    for at, (number, answer) in enumerate(zip(asked, answers, strict=False)):
        if answer is None:
            return []
        mine, theirs = _fingerprint(answer), table[:, at]
        times = factor(mine, theirs)[:, None]
        size = key.cases[number].expected[name].size or 1.0
        allowed = TOLERANCE * size * _weights(answer.size).sum(axis=0)
        near = (np.abs(mine - times * theirs) <= allowed * np.abs(times)).all(axis=1)
        known = ~np.isnan(theirs).any(axis=1)
        missed, told = missed + (known & ~near), told | known
    return [key.suspects[number] for number in np.flatnonzero(told & (missed <= misses))]


def _once(_mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    return np.ones(len(theirs))


def _factor(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Of least squares; once where there is nothing to take a multiple of."""
    squares = (theirs * theirs).sum(axis=1)
    return np.where(squares > 0, theirs @ mine / np.where(squares > 0, squares, 1.0), 1.0)
