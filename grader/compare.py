"""Compare a student's arrays with the expected ones and say how they differ.

In: what is expected of one case and what came back. Out: one Comparison per expected array. What
a difference costs is decided in judge.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.key import Expected
from grader.result import Grid, Returned

# Correct float64 code stays below 1e-10, correct float32 code below 1e-5; the smallest effect of
# a mistake in a formula is above 1e-2 (docs/numbers.md tells how that was measured).
EXACT = 1e-10
TOLERANCE = 1e-6
TOLERANCE_SINGLE = 1e-4
# By how much an entry is wrong, relative to the size of the array: up to each of these, or more.
BANDS = (0.01, 0.1, 1.0)
MAX_CELLS = 24  # of a grid, down and along


@dataclass(frozen=True)
class Comparison:
    """How one array of one case went; problem is "" for a right one."""

    array: str
    problem: str
    detail: str
    relative_error: float | None

    @property
    def correct(self) -> bool:
        return not self.problem

    @property
    def inexact(self) -> bool:
        return self.correct and self.relative_error is not None and self.relative_error > EXACT


def compare(expected: Mapping[str, Expected], answer: Returned) -> Iterator[Comparison]:
    """Yield a comparison for every expected array, in the order of expected."""
    for name, want in expected.items():
        if answer.unusable.get(name) == "None":
            yield Comparison(name, "missing", "it is None; is a return missing?", None)
        elif name in answer.unusable:
            yield Comparison(name, "not an array", f"yours is {answer.unusable[name]}", None)
        elif name not in answer.arrays:
            yield Comparison(name, "missing", "never computed", None)
        else:
            got = answer.arrays[name]
            if name in answer.matrices and want.array.ndim == 1 and got.size == want.array.size:
                got = got.ravel()
            with np.errstate(all="ignore"):  # huge answers are wrong, not a warning of ours
                comparison = _compare(name, want, got)
            yield comparison


def wrong_entries(want: Expected, got: np.ndarray) -> np.ndarray:
    """Mark the entries that are wrong or not finite; got has the shape of want."""
    with np.errstate(all="ignore"):
        gap = np.abs(got.astype(np.float64) - want.array)
        wrong: np.ndarray = ~(gap <= _tolerance(got) * want.size)  # NaN is wrong
    return wrong


def grid(want: Expected, got: np.ndarray) -> Grid | None:
    """Where got is wrong; None where the shapes differ, or there is one entry alone."""
    if got.shape != want.array.shape or got.size <= 1:
        return None
    wrong = wrong_entries(want, got)
    with np.errstate(all="ignore"):
        gap = np.abs(got.astype(np.float64) - want.array) / (want.size or 1.0)
    level = np.where(wrong, 1 + np.searchsorted(BANDS, gap), 0)
    level[~np.isfinite(got)] = len(BANDS) + 2
    table = level.reshape(-1, got.shape[-1])
    rows, along = (-(-size // MAX_CELLS) for size in table.shape)
    worst = np.maximum.reduceat(table, np.arange(0, table.shape[0], rows), axis=0)
    worst = np.maximum.reduceat(worst, np.arange(0, table.shape[1], along), axis=1)
    signs = np.array([*".1234x"])
    return Grid(got.shape, (rows, along), tuple(map("".join, signs[worst])), int(wrong.sum()))


def _tolerance(got: np.ndarray) -> float:
    return TOLERANCE_SINGLE if got.dtype in (np.float16, np.float32) else TOLERANCE


def _compare(name: str, want: Expected, got: np.ndarray) -> Comparison:
    tolerance = _tolerance(got)
    if got.shape != want.array.shape:
        return Comparison(name, *_misshapen(got, want.array, tolerance * want.size), None)
    wrong = wrong_entries(want, got)
    got = got.astype(np.float64)
    if not np.isfinite(got).all():
        bad = ~np.isfinite(got)
        return Comparison(name, "not finite", _first(bad, got, want.array), None)
    gap = np.abs(got - want.array)
    error = float(gap.max(initial=0.0) / (want.size or 1.0))
    if error <= tolerance:
        return Comparison(name, "", "", error)
    detail = _first(wrong, got, want.array) + _pattern(got, want.array, tolerance)
    return Comparison(name, "wrong values", detail, error if np.isfinite(error) else None)


def _misshapen(got: np.ndarray, want: np.ndarray, allowed: float) -> tuple[str, str]:
    """Name the shapes, and say so where the numbers are right but for an axis."""
    shapes = f"yours has shape {got.shape}, expected {want.shape}"
    if got.size == want.size and np.squeeze(got).shape == np.squeeze(want).shape:
        if (np.abs(np.squeeze(got) - np.squeeze(want)) <= allowed).all():
            return "wrong shape", f"{shapes}; the numbers are right, an axis of length 1 is not"
    elif got.T.shape == want.shape and (np.abs(got.T - want) <= allowed).all():
        return "wrong shape", f"{shapes}; it is the transpose of what is expected"
    return "wrong shape", shapes


def _first(mask: np.ndarray, got: np.ndarray, want: np.ndarray) -> str:
    at = tuple(int(i) for i in np.argwhere(mask)[0])
    where = f"at {list(at)} yours" if at else "yours"
    return f"{where} {got[at]:.4g}, expected {want[at]:.4g}{_how_many(mask)}"


def _how_many(mask: np.ndarray) -> str:
    wrong = int(mask.sum())
    return f" ({wrong} of {mask.size} entries)" if 0 < wrong < mask.size else ""


def _pattern(got: np.ndarray, want: np.ndarray, tolerance: float) -> str:
    """Name what all entries have in common: a sign or a factor often names the mistake."""
    if want.size == 1 or not got.any():
        return "; all entries are 0" if want.size > 1 else ""
    factor = np.sum(got * want) / (np.sum(want * want) or 1.0)
    if not np.isfinite(factor):
        return ""
    if np.abs(got - factor * want).max() > tolerance * np.abs(got).max():
        return ""
    if abs(factor + 1) <= tolerance:
        return "; every entry has the wrong sign"
    return f"; all entries are {factor:.4g} times expected"
