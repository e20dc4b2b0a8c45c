"""The student's own text of one exercise, and the lines of it that deserve a look.

Picked as text: nothing of the student's is parsed or believed. A definition begins where a line of
a cell says so and ends where the next statement at the margin begins; the last one counts, as it
does when the cells are run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.notebook import Cell
from grader.result import Source, Verdict

MAX_LINES, MAX_WIDTH = 150, 200

_MARGIN = re.compile(r"[A-Za-z_@%!]")
_CELL = re.compile(r"\bcell (\d+)\b")
_METHOD = re.compile(r"\s*def\s+(\w+)")
_RETURN = re.compile(r"\s*return\b")
_HANDED = re.compile(r"\s*return\s+(?:self\.)?(\w+)\s*(?:#.*)?$")
_COMPUTES = re.compile(r"return\b.*[-+*/@(]")
_OUTPUTS = ("out", "loss")


def excerpt(cells: Sequence[Cell], verdict: Verdict) -> Source | None:
    """Where the exercise is written down; None where the notebook does not define it."""
    name = re.escape(verdict.name)
    begins = re.compile(rf"(?:(?:class|def)\s+{name}\b|{name}\s*=[^=])")
    for cell in reversed(cells):
        lines = cell.source.split("\n")
        starts = [place for place, line in enumerate(lines) if begins.match(line)]
        if cell.kind == "code" and starts:
            return _source(cell.number, lines, starts[-1], verdict)
    return None


def _source(cell: int, lines: Sequence[str], start: int, verdict: Verdict) -> Source:
    stop = start + 1
    while stop < min(len(lines), start + MAX_LINES) and not _MARGIN.match(lines[stop]):
        stop += 1
    text = "\n".join(line[:MAX_WIDTH] for line in lines[start:stop]).rstrip().split("\n")
    marked = tuple(line for line in _marked(cell, start + 1, text, verdict) if start < line <= stop)
    return Source(cell, start + 1, tuple(text), marked)


def _marked(cell: int, first: int, text: Sequence[str], verdict: Verdict) -> list[int]:
    """The line that raised; else where wrong arrays are made, unless the cause lies elsewhere."""
    if verdict.stopped:
        told = _CELL.search(verdict.stopped.detail.partition(":")[0])
        here = told is not None and int(told[1]) == cell
        return [verdict.stopped.line] if here and verdict.stopped.line else []
    wrong = [one.name for one in verdict.arrays if not one.correct]
    elsewhere = verdict.findings and not any(one.array for one in verdict.findings)
    compared = verdict.status in ("partial", "wrong") and not elsewhere
    places = {place for name in wrong if compared for place in _makes(name, text)}
    return sorted(first + place for place in places)


def _makes(array: str, text: Sequence[str]) -> Iterator[int]:
    """Lines that set the array; for what is returned, the returns of the method it comes from, or,
    where they only hand over a name, the lines that set it."""
    if found := list(_sets(array, text)):
        yield from found
        return
    method, start = "", 0
    wanted = ("forward",) if array in _OUTPUTS else ("backward", "step")
    for place, line in enumerate(text):
        if name := _METHOD.match(line):
            method, start = name[1], place
        elif _RETURN.match(line) and (method in wanted or not text[0].startswith("class")):
            if handed := _HANDED.match(line):
                yield from (start + at for at in _sets(handed[1], text[start:place]))
            elif _COMPUTES.search(line):
                yield place


def _sets(name: str, text: Sequence[str]) -> Iterator[int]:
    sets = re.compile(rf"\s*(?:self\.)?{re.escape(name)}\s*(?:\[.*\])?\s*[-+*/@]?=[^=]")
    return (place for place, line in enumerate(text) if sets.match(line))
