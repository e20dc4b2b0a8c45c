"""Derivatives by finite differences: the witness that does not read anyone's backward().

Central differences at five steps, extrapolated to step zero, with an estimate of the error that
is left. Source: C. J. F. Ridders, Accurate computation of F'(x) and F'(x) F''(x), Advances in
Engineering Software 4 (1982), 75-76; Press et al., Numerical Recipes, 3rd edition, section 5.7.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

STEPS = 0.02 / 2.0 ** np.arange(5)  # 0.02 to 0.00125; the tableau removes h**2, h**4, ...
KINK_STEP = 1e-6

Function = Callable[[np.ndarray], np.ndarray | float]


@dataclass(frozen=True)
class Estimate:
    """A derivative and how far off it may be, entry by entry.

    Ridders' own estimate covers about half of the entries; error is ten times that, plus what
    rounding in f alone can cause.
    """

    value: np.ndarray
    error: np.ndarray


def gradient(f: Function, x: np.ndarray) -> Estimate:
    """Estimate the gradient of the scalar f at x; both fields have the shape of x.

    Calls f 10 * x.size times, always on a fresh copy of x.
    """
    value, error = np.empty(x.shape), np.empty(x.shape)
    for at in np.ndindex(x.shape):
        slope = _slope(f, x, at)
        value[at], error[at] = slope.value, slope.error
    return Estimate(value, error)


def rough_gradient(f: Function, x: np.ndarray) -> np.ndarray:
    """Estimate the gradient of the scalar f at x to some digits, with 2 * x.size calls of f."""
    step, value = STEPS[-1], np.empty(x.shape)
    for at in np.ndindex(x.shape):
        value[at] = (f(_moved(x, at, step)) - f(_moved(x, at, -step))) / (2 * step)
    return value


def jacobian(f: Function, x: np.ndarray) -> Estimate:
    """Estimate df/dx; both fields have the shape (f(x).size, x.size)."""
    slopes = [_slope(f, x, at) for at in np.ndindex(x.shape)]
    value = np.stack([slope.value.ravel() for slope in slopes], axis=1)
    return Estimate(value, np.stack([slope.error.ravel() for slope in slopes], axis=1))


def has_kink(f: Function, x: np.ndarray) -> bool:
    """Say whether some entry of the scalar f's gradient differs to the left and to the right.

    Where the slopes at 1e-6 differ by more than a thousandth of the gradient's size, curvature
    does not explain it.
    """
    here = f(x.copy())
    right = np.array([f(_moved(x, at, KINK_STEP)) - here for at in np.ndindex(x.shape)])
    left = np.array([here - f(_moved(x, at, -KINK_STEP)) for at in np.ndindex(x.shape)])
    size = max(np.abs(right).max(initial=0.0), np.abs(left).max(initial=0.0))
    return bool((np.abs(right - left) > 1e-3 * size).any())


def _slope(f: Function, x: np.ndarray, at: tuple[int, ...]) -> Estimate:
    steps = STEPS * (min(1.0, np.abs(x).max()) or 1.0)  # small values want small steps
    up = [np.asarray(f(_moved(x, at, step)), dtype=float) for step in steps]
    down = [np.asarray(f(_moved(x, at, -step)), dtype=float) for step in steps]
    column = [(high - low) / (2 * step) for high, low, step in zip(up, down, steps, strict=True)]
    best, error = column[-1], np.abs(column[-1] - column[-2])
    for order in range(1, len(STEPS)):
        factor = 4.0**order
        finer = [(factor * b - a) / (factor - 1) for a, b in pairwise(column)]
        for new, (coarse, fine) in zip(finer, pairwise(column), strict=True):
            doubt = np.maximum(np.abs(new - coarse), np.abs(new - fine))
            best, error = np.where(doubt < error, new, best), np.minimum(doubt, error)
        column = finer
    rounding = np.finfo(float).eps * np.abs(up + down).max(axis=0) / steps[-1]
    return Estimate(best, 10 * (error + rounding))


def _moved(x: np.ndarray, at: tuple[int, ...], by: float) -> np.ndarray:
    moved = np.array(x, dtype=float)
    moved[at] += by
    return moved
