"""The loss curves of a whole class in one picture, by hand: a line each, on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

WIDTH, HEIGHT, LEFT, BELOW = 640, 220, 46, 22
FLOOR = 1e-6  # a loss of zero has no logarithm
MAX_CURVES = 300  # more lines than that are one grey patch, and a large file

Curve = Sequence[float | None]


def draw(curves: Sequence[Curve], title: str) -> str:
    """An <svg> element; what is not a number ends its line."""
    shown = [list(_heights(curve)) for curve in curves[:MAX_CURVES]]
    every = [height for curve in shown for height in curve if height is not None]
    low, high = (math.floor(min(every)), math.ceil(max(every))) if every else (0, 1)
    high = max(high, low + 1)
    inside = "".join([*_grid(low, high), *(_line(curve, low, high) for curve in shown)])
    return (
        f'<svg class="curves" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{inside}</svg>'
    )


def _heights(curve: Curve) -> Iterator[float | None]:
    for loss in curve:
        fine = loss is not None and math.isfinite(loss)
        yield math.log10(max(loss, FLOOR)) if fine and loss is not None else None


def _grid(low: int, high: int) -> Iterator[str]:
    for power in range(low, high + 1):
        y = _y(power, low, high)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH}" stroke="currentColor" stroke-opacity=".2"/>'
        yield (
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" font-size="12" text-anchor="end" '
            f'fill="currentColor">{10.0**power:g}</text>'
        )
    x, y = (LEFT + WIDTH) / 2, HEIGHT - 4
    yield f'<text x="{x:.0f}" y="{y}" font-size="12" text-anchor="middle" fill="currentColor">'
    yield "steps</text>"


def _line(curve: Sequence[float | None], low: int, high: int) -> str:
    count = max(len(curve) - 1, 1)
    points = " ".join(
        f"{LEFT + (WIDTH - LEFT) * place / count:.1f},{_y(height, low, high):.1f}"
        for place, height in enumerate(curve)
        if height is not None
    )
    return f'<polyline points="{points}" stroke="#3a87c8" stroke-width="1.5" stroke-opacity=".7"/>'


def _y(height: float, low: int, high: int) -> float:
    return (HEIGHT - BELOW - 8) * (high - height) / (high - low) + 8
