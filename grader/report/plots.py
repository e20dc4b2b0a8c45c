"""Pictures of a training run, as inline SVG: where the network says what, and how the loss fell.

The two classes differ in colour and in shape. What a map says between the points of its grid is
left to the browser, which draws a picture of one pixel per point, smoothed.
"""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

import numpy as np

from grader.report.arrays import ABOVE, BELOW
from grader.report.axes import Axes, text
from grader.result import LARGEST, Learned, Map

EVEN = 50  # percent
STRONGEST = 128  # of 255: how opaque a map is where the network is sure
MAP, CURVES = (300, 290), (340, 290)  # pixels
MARGIN = 1.15  # above the highest and below the lowest loss

Captioned = tuple[str, str]  # an <svg> element, and what is to be seen


def pictures(learned: Learned) -> list[Captioned]:
    """What can be drawn of: the decision surface before and after, the last hidden layer, the
    losses.

    learned: from a journal too, in which what was not finite is None
    """
    learned = _drawable(learned)
    return [*_maps(learned), (_curves(learned), f"{_fall(learned)} {_reached(learned)}")]


def _drawable(learned: Learned) -> Learned:
    """Without what has no place in a picture."""
    before, after, latent = (
        one if one and all(map(_is_a_place, (*one.low, *one.high))) else None
        for one in (learned.before, learned.after, learned.latent)
    )
    losses = tuple(takewhile(_is_a_place, learned.losses))
    return replace(learned, losses=losses, before=before, after=after, latent=latent)


def _is_a_place(value: float | None) -> bool:
    return value is not None and abs(value) < LARGEST  # NaN is none


def _maps(learned: Learned) -> Iterator[Captioned]:
    for one, title, begin in (
        (learned.before, "Decision surface before training", "Before training"),
        (learned.after, "Decision surface after training", f"After {learned.steps} steps"),
    ):
        if one:
            yield _map(one, learned.labels, title), f"{begin}: {_agree(one, learned.labels)}."
    if one := learned.latent:
        axes = ("hidden unit 1", "hidden unit 2")
        words = "After training, in the last hidden layer, cut by one straight line: "
        words += f"{_agree(one, learned.labels)}."
        yield _map(one, learned.labels, "Last hidden layer after training", axes), words


def _map(one: Map, labels: Sequence[int], title: str, axes: tuple[str, str] = ("x₁", "x₂")) -> str:
    place = Axes(*MAP, one.low, one.high)
    rows = np.array(one.rows, float)
    inside = "".join([_shades(place, rows), _border(place, rows), *_points(place, one, labels)])
    return place.picture(title, inside, axes)


def _shades(place: Axes, rows: np.ndarray) -> str:
    """One pixel per point of the grid, its middle on the point."""
    left, right, top, bottom = (
        place.x(place.low[0]),
        place.x(place.high[0]),
        place.y(place.high[1]),
        place.y(place.low[1]),
    )
    width, height = right - left, bottom - top
    down, along = rows.shape
    x, y = -width / (along - 1) / 2, -height / (down - 1) / 2
    data = base64.b64encode(_png(rows[::-1])).decode()
    return (
        f'<svg x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}">'
        f'<image x="{x:.2f}" y="{y:.2f}" width="{width - 2 * x:.2f}" height="{height - 2 * y:.2f}" '
        f'preserveAspectRatio="none" href="data:image/png;base64,{data}"/></svg>'
    )


def _png(percent: np.ndarray) -> bytes:
    """A picture whose colour says which class and whose strength says how sure."""
    sure = np.abs(percent - EVEN) / EVEN * STRONGEST
    colours = np.array([list(bytes.fromhex(colour[1:])) for colour in (BELOW, ABOVE)])
    pixels = np.dstack([colours[(percent > EVEN).astype(int)], sure]).astype(np.uint8)
    height, width = percent.shape
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    head = struct.pack(
        ">IIBBBBB", width, height, 8, 6, 0, 0, 0
    )  # 8 bits of red, green, blue, alpha
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _border(place: Axes, rows: np.ndarray) -> str:
    """The line on which the network does not know: in every cell of the grid that it crosses,
    from one side to the other."""
    first, second = (
        np.linspace(low, high, size)
        for low, high, size in zip(place.low, place.high, rows.shape[::-1], strict=True)
    )
    is_one = rows > EVEN
    corners = is_one[:-1, :-1] + 0 + is_one[1:, :-1] + is_one[:-1, 1:] + is_one[1:, 1:]
    path = []
    for row, column in np.argwhere((corners > 0) & (corners < 4)):  # noqa: PLR2004
        ring = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
        ends = []
        for (a, b), (c, d) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if is_one[a, b] != is_one[c, d]:
                share = (EVEN - rows[a, b]) / (rows[c, d] - rows[a, b])
                x = first[b] + share * (first[d] - first[b])
                ends.append(place.at(x, second[a] + share * (second[c] - second[a])))
        path += [f"M{start}L{end}" for start, end in zip(ends[::2], ends[1::2], strict=True)]
    return f'<path d="{"".join(path)}" fill="none" stroke="currentColor" stroke-width="1.3"/>'


def _points(place: Axes, one: Map, labels: Sequence[int]) -> Iterator[str]:
    """Round ones of class 0, triangles of class 1."""
    chosen = [
        [
            place.at(*point)
            for point, label in zip(one.places, labels, strict=True)
            if label == which
        ]
        for which in (0, 1)
    ]
    dots = "".join(f"M{at}h0" for at in chosen[0])
    for colour, width in (("currentColor", 5.4), (BELOW, 4.4)):
        yield f'<path d="{dots}" stroke="{colour}" stroke-width="{width}" stroke-linecap="round"/>'
    triangles = "".join(f"M{at}m0-3l3 5h-6z" for at in chosen[1])
    yield f'<path d="{triangles}" fill="{ABOVE}" stroke="currentColor" stroke-width=".6"/>'


def _agree(one: Map, labels: Sequence[int]) -> str:
    """Which share of the places lies, on the map, on the side of its class."""
    rows, places = np.array(one.rows), np.array(one.places)
    span = (np.array(one.high) - one.low) / (len(rows) - 1)
    column, row = np.round((places - one.low) / span).astype(int).T
    share = np.mean((rows[row, column] > EVEN) == np.array(labels))
    return f"{share:.0%} of the points lie on the side of their class"


def _curves(learned: Learned) -> str:
    theirs, ours = learned.losses, learned.expected_losses
    both = [*theirs, *ours]
    is_log = min(both) > 0
    low, high = (min(both) / MARGIN, max(both) * MARGIN) if is_log else (min(both), max(both))
    place = Axes(*CURVES, (0.0, low), (float(max(learned.at)), high), is_log)
    looks = (
        ("reference", ours, 'stroke="currentColor" stroke-dasharray="5 3" stroke-width="1.3"'),
        ("yours", theirs, f'stroke="{ABOVE}" stroke-width="2.4"'),
    )
    inside = []
    for number, (name, losses, look) in enumerate(reversed(looks)):
        points = " ".join(
            place.at(step, loss) for step, loss in zip(learned.at, losses, strict=False)
        )
        inside.append(f'<polyline points="{points}" fill="none" {look}/>')
        x, y = CURVES[0] - 105, 26 + 17 * number
        inside.append(f'<path d="M{x} {y - 4}h24" {look}/>{text(x + 30, y, name)}')
    return place.picture("Loss, yours and the reference's", "".join(inside), ("step", "loss"))


def _fall(learned: Learned) -> str:
    theirs, ours = learned.losses, learned.expected_losses
    ends = f"yours goes from {theirs[0]:.3g} to {theirs[-1]:.3g}" if theirs else "yours is empty"
    return f"Loss: {ends}, the reference's from {ours[0]:.3g} to {ours[-1]:.3g}."


def _reached(learned: Learned) -> str:
    return f"Of new points {learned.share:.1%} are right, {learned.threshold:.0%} are wanted."
