"""Pictures of a training run, as inline SVG. The one home of matplotlib, imported when needed.

Lines and letters have the colour of the text around, so that a picture suits a light page and a
dark one; the two classes differ in colour and in shape. All ids begin with a prefix of the
caller's, because several pictures share a page.
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.report.arrays import ABOVE, BELOW
from grader.result import Learned, Map

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "#010203"  # stands for currentColor, which matplotlib does not know
RC: dict[Any, Any] = {
    "svg.fonttype": "none",  # letters stay letters
    "svg.hashsalt": "grader",
    "font.size": 9,
    "axes.facecolor": "none",
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.titlesize": 9,
    "axes.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
MARKER: dict[str, Any] = {"markersize": 3.2, "markeredgecolor": INK, "markeredgewidth": 0.35}
_ID = re.compile(r'(\bid="|href="#|url\(#)')
_SIZE = re.compile(r'<svg [^>]*?viewBox="([^"]+)"[^>]*>')
_STYLE = re.compile(r"<style.*?</style>|<metadata>.*?</metadata>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")  # coordinates are in tags, labels between them
_DIGITS = re.compile(r"(\d+\.\d)\d+")
_FONT = re.compile(r"font: ([\d.]+px) [^;\"]*")


def pictures(learned: Learned, prefix: str) -> list[str]:
    """The decision surface, the two loss curves and, where there is one, the hidden layer."""
    import matplotlib as mpl

    with mpl.rc_context(RC):
        drawn = [_surfaces(learned), _curves(learned)]
        drawn += [_hidden(learned, learned.latent)] if learned.latent else []
        return [
            _svg(figure, f"{prefix}-{number}", title, words)
            for number, (figure, title, words) in enumerate(drawn, 1)
        ]


def _surfaces(learned: Learned) -> tuple[Figure, str, str]:
    figure = _figure(6.6, 3.2)
    left, right = figure.subplots(1, 2, sharey=True)
    for axes, title, one in ((left, "before", learned.before), (right, "after", learned.after)):
        _draw(axes, one, learned.labels)
        axes.set_title(title, loc="right")
        axes.set_xlabel("$x_1$")
    left.set_ylabel("$x_2$")
    names: dict[str, Any] = {
        "ncols": 2,
        "loc": "upper left",
        "handletextpad": 0.1,
        "columnspacing": 1,
    }
    figure.legend(*_handles(left), fontsize=8, frameon=False, **names)
    words = (
        f"Two maps of what the network answers, with the points it was trained on. Before training "
        f"{_agree(learned.before, learned.labels)} of these points lie on the side of their class, "
        f"after {learned.steps} steps {_agree(learned.after, learned.labels)}; of new points "
        f"{learned.share:.1%}, where {learned.threshold:.0%} are wanted."
    )
    return figure, "Decision surface before and after training", words


def _curves(learned: Learned) -> tuple[Figure, str, str]:
    from matplotlib.ticker import LogLocator, NullLocator

    figure = _figure(5.0, 2.5)
    axes, at = figure.subplots(), learned.at
    theirs, ours = learned.losses, learned.expected_losses
    axes.plot(at[: len(ours)], ours, color=INK, linestyle="--", linewidth=1.2, label="reference")
    axes.plot(at[: len(theirs)], theirs, color=ABOVE, linewidth=2, label="yours", zorder=1)
    if all(loss > 0 for loss in (*theirs, *ours)):
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.yaxis.set_major_formatter("{x:g}")
        axes.yaxis.set_minor_locator(NullLocator())
    axes.set(xlabel="step", ylabel="loss")
    axes.legend(fontsize=8, framealpha=0)
    ends = f"yours goes from {theirs[0]:.3g} to {theirs[-1]:.3g}" if theirs else "yours is empty"
    words = f"Loss against step: {ends}, the reference's from {ours[0]:.3g} to {ours[-1]:.3g}."
    return figure, "Loss curves, yours and the reference's", words


def _hidden(learned: Learned, latent: Map) -> tuple[Figure, str, str]:
    figure = _figure(3.6, 3.2)
    axes = figure.subplots()
    _draw(axes, latent, learned.labels)
    axes.set(xlabel="$h_1$", ylabel="$h_2$", title="last hidden layer")
    words = (
        f"The same points where the last hidden layer has put them. One straight line has "
        f"{_agree(latent, learned.labels)} of them on the side of their class."
    )
    return figure, "Last hidden layer after training", words


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), facecolor="none")
    left, bottom = 0.55 / width, 0.5 / height
    figure.subplots_adjust(left, bottom, 1 - 0.1 / width, 1 - 0.3 / height, wspace=0.05)
    return figure


def _draw(axes: Axes, one: Map, labels: tuple[int, ...]) -> None:
    """Colour, border and points of a map."""
    rows, places = np.array(one.rows, float), np.array(one.places)
    first, second = (
        np.linspace(low, high, len(rows)) for low, high in zip(one.low, one.high, strict=True)
    )
    shades = [(BELOW, 0.5), (BELOW, 0.3), (BELOW, 0.12), (ABOVE, 0.12), (ABOVE, 0.3), (ABOVE, 0.5)]
    axes.contourf(first, second, rows, levels=[-1, 10, 30, 50, 70, 90, 101], colors=shades)
    if rows.min() < 50 < rows.max():  # noqa: PLR2004
        axes.contour(first, second, rows, levels=[50], colors=INK, linewidths=1)
    for label, colour, marker in ((0, BELOW, "o"), (1, ABOVE, "^")):
        chosen = places[np.array(labels) == label]
        axes.plot(*chosen.T, marker, color=colour, label=f"class {label}", **MARKER)


def _handles(axes: Axes) -> Any:
    return axes.get_legend_handles_labels()


def _agree(one: Map, labels: tuple[int, ...]) -> str:
    """Which share of the places lies, on the map, on the side of its class."""
    rows, places = np.array(one.rows), np.array(one.places)
    span = (np.array(one.high) - one.low) / (len(rows) - 1)
    column, row = np.round((places - one.low) / span).astype(int).T
    return f"{np.mean((rows[row, column] > 50) == np.array(labels)):.0%}"  # noqa: PLR2004


def _svg(figure: Figure, prefix: str, title: str, words: str) -> str:
    """The figure as an <svg> element for the middle of a page."""
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    text = _STYLE.sub("", text[text.index("<svg") :])
    text = _TAG.sub(lambda tag: _DIGITS.sub(r"\1", tag[0]), text)
    text = _ID.sub(lambda found: f"{found[1]}{prefix}-", text.replace(INK, "currentColor"))
    text = _FONT.sub(r"font-size: \1; font-family: inherit", text)
    head = (
        rf'<svg role="img" aria-labelledby="{prefix}-t {prefix}-d" viewBox="\1" '
        rf'style="width:100%;max-width:{6 * figure.get_figwidth():.1f}rem;stroke-linejoin:round">'
        rf'<title id="{prefix}-t">{escape(title)}</title>'
        rf'<desc id="{prefix}-d">{escape(words)}</desc>'
    )
    return _SIZE.sub(head, text, count=1)
