"""The frame of a plot, as inline SVG: where a point lies, the ticks, the labels.

By hand and not with a plotting library, which takes a hundred times as long for a page and makes
letters that cannot be read on a phone. Lines and letters have the colour of the text around.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

LEFT, RIGHT, TOP, BELOW = 40, 8, 8, 34  # around what is plotted, in pixels
LETTERS = 12  # pixels
TICKS = 6  # at most, on a straight axis
ROUNDING = 1e-9

Pair = tuple[float, float]


@dataclass(frozen=True)
class Axes:
    """low, high: of (x, y), in the plot's own units
    is_log: y runs over the logarithm; all y are above 0 then
    """

    width: int
    height: int
    low: Pair
    high: Pair
    is_log: bool = False

    def x(self, value: float) -> float:
        share = (value - self.low[0]) / ((self.high[0] - self.low[0]) or 1.0)
        return LEFT + share * (self.width - LEFT - RIGHT)

    def y(self, value: float) -> float:
        low, high, at = (self._height(one) for one in (self.low[1], self.high[1], value))
        share = (at - low) / ((high - low) or 1.0)
        return self.height - BELOW - share * (self.height - TOP - BELOW)

    def _height(self, value: float) -> float:
        return math.log10(value) if self.is_log else value

    def at(self, x: float, y: float) -> str:
        return f"{self.x(x):.1f} {self.y(y):.1f}"

    def picture(self, title: str, inside: str, labels: tuple[str, str]) -> str:
        """An <svg> element.

        labels: of the axes
        """
        return (
            f'<svg role="img" aria-label="{escape(title)}" viewBox="0 0 {self.width} {self.height}"'
            f' width="{self.width}" height="{self.height}" fill="currentColor" '
            f'font-size="{LETTERS}" stroke-linejoin="round">'
            f"{inside}{''.join(self._frame())}{''.join(self._labels(*labels))}</svg>"
        )

    def _frame(self) -> Iterator[str]:
        """The border, and a line with a number at every tick."""
        across, up = self.width - LEFT - RIGHT, self.height - TOP - BELOW
        lines = [f"M{LEFT} {TOP}h{across}v{up}h-{across}z"]
        for value in straight_ticks(self.low[0], self.high[0]):
            lines.append(f"M{self.x(value):.1f} {self.height - BELOW}v4")
            yield text(self.x(value), self.height - BELOW + 15, f"{value:g}", "middle")
        ticks = logarithmic_ticks if self.is_log else straight_ticks
        for value in ticks(self.low[1], self.high[1]):
            lines.append(f"M{LEFT} {self.y(value):.1f}h-4")
            yield text(LEFT - 7, self.y(value) + 4, f"{value:g}", "end")
        yield f'<path d="{"".join(lines)}" fill="none" stroke="currentColor" stroke-width=".7"/>'

    def _labels(self, across: str, up: str) -> Iterator[str]:
        yield text((LEFT + self.width - RIGHT) / 2, self.height - 4, across, "middle")
        middle = (TOP + self.height - BELOW) / 2
        turned = f"translate(10 {middle:.0f}) rotate(-90)"
        yield f'<g transform="{turned}">{text(0, 0, up, "middle")}</g>'


def text(x: float, y: float, words: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def straight_ticks(low: float, high: float) -> list[float]:
    """Round numbers from low to high, 1, 2 or 5 times a power of ten apart."""
    if not high > low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / TICKS))
    step = next(one * power for one in (1, 2, 5, 10) if (high - low) / (one * power) <= TICKS)
    first, last = math.ceil(low / step - ROUNDING), math.floor(high / step + ROUNDING)
    return [float(f"{number * step:.12g}") for number in range(first, last + 1)]


def logarithmic_ticks(low: float, high: float) -> list[float]:
    """Powers of ten, with 2 and 5 between them where there are few."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1, 2, 5) if len(powers) <= TICKS / 2 else (1,)
    ticks = [float(f"{factor}e{power}") for power in powers for factor in factors]
    skipped = ticks[:: max(1, len(powers) // TICKS)]
    return [tick for tick in skipped if low <= tick <= high]
