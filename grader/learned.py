"""What there is to be seen of a training run: plain numbers, from which plots.py draws.

Small enough for the journal: maps in whole percent, long curves thinned, some of the points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from grader.exercise import Case
from grader.key import CaseKey, ExerciseKey
from grader.result import LARGEST, Learned, Map, Returned
from grader.training import forward, parameters, share_right

CELLS = 40  # along each side of a map
POINTS = 200
CURVE = 200

Scores = Callable[[np.ndarray], np.ndarray]


def learned(key: ExerciseKey, answers: Sequence[Returned]) -> Learned | None:
    """Of the first full run that can be shown; None where there is none."""
    for case, answer in zip(key.cases, answers, strict=True):
        moved = answer.arrays.get("accuracy")
        if case.fresh is None or moved is None or moved.shape != _shape(case):
            continue
        if np.isfinite(moved).all():
            return _learned(case, case.fresh, answer)
    return None


def _shape(key: CaseKey) -> tuple[int, ...]:
    return key.expected["accuracy"].array.shape


def _learned(key: CaseKey, fresh: np.ndarray, answer: Returned) -> Learned:
    case, moved = key.case, answer.arrays["accuracy"]
    points, steps = case.inputs["data"][:POINTS], case.options["steps"]
    return Learned(
        share=share_right(case, moved, fresh),
        threshold=case.options["threshold"],
        steps=steps,
        at=tuple(int(step) for step in _kept(steps)),
        losses=_thinned(answer.arrays.get("losses", np.zeros(0)), steps),
        expected_losses=_thinned(key.expected["losses"].array, steps),
        labels=tuple(int(label) for label in points[:, -1]),
        before=_surface(case, 0 * moved, points),
        after=_surface(case, moved, points),
        latent=_latent(case, moved, points[:, :-1]),
    )


def _surface(case: Case, moved: np.ndarray, points: np.ndarray) -> Map | None:
    scores = _scores(case, moved)
    x = points[:, :-1]
    return _map(scores, x, 0.5) if _can_be_drawn(x, scores(x)) else None


def _can_be_drawn(x: np.ndarray, scores: np.ndarray) -> bool:
    """In a plane, and of two classes."""
    return x.shape[1] == 2 and (scores.ndim == 1 or scores.shape[1] == 2)  # noqa: PLR2004


def _scores(case: Case, moved: np.ndarray) -> Scores:
    params = parameters(case, moved)
    return lambda x: forward(case, params, x)[1]


def _latent(case: Case, moved: np.ndarray, x: np.ndarray) -> Map | None:
    params = parameters(case, moved)
    hidden, scores = forward(case, params, x)
    weights, bias = (params[name] for name in case.options["network"]["layers"][-1])
    if not _can_be_drawn(hidden, scores) or not np.abs(hidden).max() < LARGEST:  # nor is NaN
        return None
    return _map(lambda h: np.asarray(h @ weights + bias), hidden, 0.1 * np.ptp(hidden) + 0.1)


def _map(scores: Scores, x: np.ndarray, margin: float) -> Map | None:
    """None where all points are one, so far out that no margin is to be seen."""
    low, high = x.min(axis=0) - margin, x.max(axis=0) + margin
    if not (low < high).all():
        return None
    first, second = (np.linspace(low[axis], high[axis], CELLS) for axis in (0, 1))
    grid = np.stack(np.meshgrid(first, second), axis=-1).reshape(-1, 2)
    with np.errstate(all="ignore"):  # of huge parameters
        probability = _probability(scores(grid))
    percent = np.round(100 * probability).astype(int).reshape(CELLS, CELLS)
    return Map(
        low=(float(low[0]), float(low[1])),
        high=(float(high[0]), float(high[1])),
        rows=tuple(tuple(row) for row in percent.tolist()),
        places=tuple((round(a, 3), round(b, 3)) for a, b in x.tolist()),
    )


def _probability(scores: np.ndarray) -> np.ndarray:
    """Of class 1, from one score or from two."""
    difference = scores if scores.ndim == 1 else scores[:, 1] - scores[:, 0]
    return np.asarray(np.nan_to_num(1 / (1 + np.exp(-difference)), nan=0.5))


def _kept(steps: int) -> np.ndarray:
    """The steps whose losses are kept: at most CURVE, the last one among them."""
    return np.unique(np.linspace(0, steps - 1, CURVE).round().astype(int))


def _thinned(curve: np.ndarray, steps: int) -> tuple[float, ...]:
    """Only the beginning of a curve, up to what cannot be drawn."""
    flat = np.ravel(curve).astype(float)
    end = int(np.argmin([*(np.abs(flat) < LARGEST), False]))
    chosen = _kept(steps)
    return tuple(float(f"{loss:.4g}") for loss in flat[chosen[chosen < end]])
