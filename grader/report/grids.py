"""Which entries of an array are wrong and by how much, as an inline picture in a page of feedback.

Drawn from the journal alone, which holds no values of the array. It looks like the pictures of
check(): a square per entry, a cross on what is wrong. The further off, the stronger the square and
the larger the cross; lines and crosses have the colour of the text around.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

from grader.report.arrays import ABOVE, HEIGHT, SQUARE, WIDTH, cross
from grader.result import Grid

STRENGTHS = {"1": 0.2, "2": 0.4, "3": 0.65, "4": 0.95}  # how opaque, by how far off
AMOUNTS = {"1": "up to 1 %", "2": "1 to 10 %", "3": "10 to 100 %", "4": "more than 100 %"}
NOT_FINITE = "x"
LEAST_SQUARE = 10  # in which a cross can still be seen
FEW = 3  # rows or columns are named one by one
TABLE = 2  # axes


def draw(grid: Grid, name: str) -> str:
    """An <svg> element; in_words says the same.

    name: what the picture is of
    """
    down, along = len(grid.rows), len(grid.rows[0])
    square = max(min(SQUARE, HEIGHT / down, WIDTH / along), LEAST_SQUARE)
    width, height = along * square, down * square
    return (
        f'<svg role="img" aria-label="{escape(name)}" width="{width + 2:.0f}" '
        f'height="{height + 2:.0f}" viewBox="-1 -1 {width + 2:.4g} {height + 2:.4g}">'
        f"{''.join(_cells(grid, square))}"
        f'<path d="{"".join(_lines(grid, square))}" stroke="currentColor" stroke-opacity=".4"/>'
        f'<path d="{"".join(_borders(grid, square))}" stroke="currentColor" stroke-width="2"/>'
        f'<path d="{"".join(_crosses(grid, square))}" fill="none" stroke="currentColor" '
        f'stroke-width="{1 + square / SQUARE:.2g}"/></svg>'
    )


def in_words(grid: Grid) -> str:
    """What is to be seen, and how to read it."""
    return ". ".join(part for part in (_how_many(grid), _how_far(grid), _how_coarse(grid)) if part)


def _how_many(grid: Grid) -> str:
    size = math.prod(grid.shape)
    if grid.wrong == size:
        return f"All {size} entries are wrong (crossed)"
    be = "is" if grid.wrong == 1 else "are"
    return f"{grid.wrong} of {size} entries {be} wrong (crossed){_where(grid)}"


def _how_far(grid: Grid) -> str:
    signs = set("".join(grid.rows))
    worst = max((sign for sign in signs if sign in AMOUNTS), default="")
    parts = [f"The worst is off by {AMOUNTS[worst]} of the array's largest number"] if worst else []
    parts += ["Without colour: not finite"] if NOT_FINITE in signs else []
    return ". ".join(parts)


def _how_coarse(grid: Grid) -> str:
    if grid.cell == (1, 1):
        return ""
    return f"Each square stands for {grid.cell[0]} by {grid.cell[1]} entries and shows the worst"


def _places(grid: Grid, sign: str) -> list[tuple[int, int]]:
    return [
        (row, column)
        for row, signs in enumerate(grid.rows)
        for column, found in enumerate(signs)
        if found == sign
    ]


def _cells(grid: Grid, square: float) -> Iterator[str]:
    """One path for all cells that are equally far off."""
    for sign, strength in STRENGTHS.items():
        if places := _places(grid, sign):
            side = f"h{square:.4g}v{square:.4g}h-{square:.4g}z"
            path = "".join(
                f"M{column * square:.4g} {row * square:.4g}{side}" for row, column in places
            )
            yield f'<path d="{path}" fill="{ABOVE}" fill-opacity="{strength}"/>'


def _lines(grid: Grid, square: float) -> Iterator[str]:
    down, along = len(grid.rows), len(grid.rows[0])
    yield from (f"M0 {row * square:.4g}h{along * square:.4g}" for row in range(down + 1))
    yield from (f"M{column * square:.4g} 0v{down * square:.4g}" for column in range(along + 1))


def _borders(grid: Grid, square: float) -> Iterator[str]:
    """Between the tables of which an array of more than two axes consists."""
    if len(grid.shape) > TABLE and grid.cell[0] == 1:
        for row in range(grid.shape[-2], len(grid.rows), grid.shape[-2]):
            yield f"M0 {row * square:.4g}h{len(grid.rows[0]) * square:.4g}"


def _crosses(grid: Grid, square: float) -> Iterator[str]:
    """The larger, the further off; what is no number has the largest."""
    for size, sign in enumerate((*STRENGTHS, NOT_FINITE)):
        for row, column in _places(grid, sign):
            yield cross((column + 0.5) * square, (row + 0.5) * square, square * (3 + size) / 20)


def _where(grid: Grid) -> str:
    """Rows and columns in NumPy's words, where the wrong entries are exactly these."""
    if len(grid.shape) != TABLE or grid.cell != (1, 1) or grid.wrong == math.prod(grid.shape):
        return ""
    rows = [at for at, signs in enumerate(grid.rows) if "." not in signs]
    columns = [at for at, signs in enumerate(zip(*grid.rows, strict=True)) if "." not in signs]
    if 0 < len(rows) <= FEW and len(rows) * grid.shape[1] == grid.wrong:
        return ": those of " + " and ".join(f"[{at}, :]" for at in rows)
    if 0 < len(columns) <= FEW and len(columns) * grid.shape[0] == grid.wrong:
        return ": those of " + " and ".join(f"[:, {at}]" for at in columns)
    return ""
