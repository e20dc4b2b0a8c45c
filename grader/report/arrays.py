"""A wrong array beside the right one, as an inline picture: where the wrong entries are.

Each entry is a square, blue below zero and orange above, the stronger the larger; a cross marks
what is wrong. Lines and crosses have the colour of the text around, so that the picture suits a
light page and a dark one. Pointing at a square tells its number.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np

BELOW, ABOVE = "#0072B2", "#E69F00"
MAX_ROWS, MAX_COLUMNS = 12, 16  # shown of an array
WIDTH, HEIGHT = 260, 150  # of one array
SQUARE = 26
TITLE, GAP, LETTER = 20, 28, 7

Window = tuple[slice, slice]


@dataclass(frozen=True)
class Picture:
    """wrong: marks the wrong entries; None where the shapes differ"""

    array: str
    case: str
    got: np.ndarray
    expected: np.ndarray
    wrong: np.ndarray | None

    @property
    def description(self) -> str:
        """What is to be seen, for those who cannot see it."""
        if self.wrong is None:
            return f"yours has shape {self.got.shape}, expected {self.expected.shape}"
        return f"{int(self.wrong.sum())} of {self.wrong.size} entries are wrong"


@dataclass(frozen=True)
class _Panel:
    """One of the two arrays, as rows and columns."""

    title: str
    values: np.ndarray
    wrong: np.ndarray

    def width(self, square: float) -> float:
        return max(int(self.values.shape[1]) * square, float(LETTER * len(self.title)))


def draw(picture: Picture) -> str:
    """An <svg> element."""
    left, right = _panels(picture)
    rows = max(left.values.shape[0], right.values.shape[0])
    square = min(SQUARE, HEIGHT / rows, WIDTH / max(left.values.shape[1], right.values.shape[1]))
    start = left.width(square) + GAP
    width, height = start + right.width(square) + 1, TITLE + rows * square + 1
    name = f"grader-{zlib.crc32(picture.got.tobytes() + picture.array.encode()):08x}"
    top = _largest(right.values) or _largest(left.values) or 1.0
    return (
        f'<svg role="img" aria-labelledby="{name}-t {name}-d" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}">'
        f'<title id="{name}-t">{escape(f"{picture.array}, {picture.case}")}</title>'
        f'<desc id="{name}-d">{escape(picture.description)}</desc>'
        f'<g transform="translate(.5 0)">{"".join(_drawn(left, square, top))}</g>'
        f'<g transform="translate({start:.1f} 0)">{"".join(_drawn(right, square, top))}</g></svg>'
    )


def _panels(picture: Picture) -> tuple[_Panel, _Panel]:
    got, expected = _table(picture.got), _table(picture.expected)
    if picture.wrong is None:
        whole = np.zeros((1, 1), bool)
        return _panel("yours", picture.got, got, whole), _panel(
            "expected", picture.expected, expected, whole
        )
    wrong = _table(picture.wrong) > 0
    return _panel("yours", picture.got, got, wrong), _panel(
        "expected", picture.expected, expected, wrong, marks=False
    )


def _panel(
    word: str, array: np.ndarray, table: np.ndarray, wrong: np.ndarray, marks: bool = True
) -> _Panel:
    rows, columns = _window(table.shape, wrong)
    shown = table[rows, columns]
    crosses = np.zeros(shown.shape, bool)
    if marks and wrong.shape == table.shape:
        crosses = wrong[rows, columns]
    part = "" if shown.size == array.size else ", a part"
    return _Panel(f"{word} {array.shape}{part}", shown, crosses)


def _table(array: np.ndarray) -> np.ndarray:
    """As rows and columns: one axis is a row, of more than two the last one is kept."""
    values = np.asarray(array, float)
    if not values.size:
        return np.full((1, 1), np.nan)
    return values.reshape(-1, values.shape[-1] if values.ndim else 1)


def _window(shape: tuple[int, ...], wrong: np.ndarray) -> Window:
    """What is shown of a large array: a part with the first wrong entry in it."""
    first = np.argwhere(wrong)[0] if wrong.any() else np.zeros(2, int)
    starts = [
        max(0, min(int(at) - 2, size - most))
        for at, size, most in zip(first, shape, (MAX_ROWS, MAX_COLUMNS), strict=True)
    ]
    return slice(starts[0], starts[0] + MAX_ROWS), slice(starts[1], starts[1] + MAX_COLUMNS)


def _largest(values: np.ndarray) -> float:
    return float(np.abs(values[np.isfinite(values)]).max(initial=0.0))


def _drawn(panel: _Panel, square: float, top: float) -> Iterator[str]:
    yield f'<text y="13" font-size="12" fill="currentColor">{escape(panel.title)}</text>'
    yield '<g stroke="currentColor" stroke-opacity=".4">'
    side = f'width="{square:.4g}" height="{square:.4g}"'
    for (row, column), value in np.ndenumerate(panel.values):
        x, y = column * square, TITLE + row * square
        yield f'<rect x="{x:.4g}" y="{y:.4g}" {side} {_fill(value / top)}>'
        yield f"<title>{value:.4g}</title></rect>"
    yield '</g><path fill="none" stroke="currentColor" stroke-width="2" d="'
    for row, column in np.argwhere(panel.wrong):
        yield cross((column + 0.5) * square, TITLE + (row + 0.5) * square, square / 5)
    yield '"/>'


def _fill(value: float) -> str:
    if not np.isfinite(value):
        return 'fill="none" stroke-dasharray="2 2"'
    return f'fill="{BELOW if value < 0 else ABOVE}" fill-opacity="{min(abs(value), 1) * 0.85:.2f}"'


def cross(x: float, y: float, arm: float) -> str:
    return (
        f"M{x - arm:.4g} {y - arm:.4g}l{2 * arm:.4g} {2 * arm:.4g}"
        f"m0 {-2 * arm:.4g}l{-2 * arm:.4g} {2 * arm:.4g}"
    )
