"""The loss curves of a whole class in one picture: a line each, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from grader.report.axes import Axes
from grader.result import LARGEST

WIDTH, HEIGHT = 420, 240
FLOOR = 1e-6  # a loss of zero has no logarithm
MAX_CURVES = 300  # more lines than that are one grey patch, and a large file

Curve = Sequence[float | None]


def draw(curves: Sequence[Curve], steps: Sequence[int], title: str) -> str:
    """An <svg> element; what is no number, or huge, ends its line.

    steps: at which the losses of every curve were found
    """
    shown = [[_drawable(loss) for loss in curve] for curve in curves[:MAX_CURVES]]
    every = [loss for curve in shown for loss in curve if loss is not None] or [1.0]
    low, high = (10.0 ** math.floor(math.log10(min(every))), 10.0 ** _power_above(max(every)))
    place = Axes(WIDTH, HEIGHT, (0.0, low), (float(max(steps, default=1)), high), is_log=True)
    lines = "".join(f'<polyline points="{_line(place, curve, steps)}"/>' for curve in shown)
    style = 'class="lines" fill="none" stroke-width="1.3" stroke-opacity=".7"'
    return place.picture(title, f"<g {style}>{lines}</g>", ("step", "loss"))


def _drawable(loss: float | None) -> float | None:
    return max(loss, FLOOR) if loss is not None and abs(loss) < LARGEST else None


def _power_above(loss: float) -> int:
    return math.floor(math.log10(loss)) + 1


def _line(place: Axes, curve: Curve, steps: Sequence[int]) -> str:
    return " ".join(_points(place, curve, steps))


def _points(place: Axes, curve: Curve, steps: Sequence[int]) -> Iterator[str]:
    for step, loss in zip(steps, curve, strict=False):
        if loss is None:
            return
        yield place.at(step, loss).replace(" ", ",")
