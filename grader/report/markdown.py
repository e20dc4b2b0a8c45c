"""A report as Markdown: the summary of a CI job, the body of a release.

What students wrote is escaped, so that it is text and neither a link, a picture nor HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grader.result import Report, Verdict

MAX_BYTES = 1_000_000  # above 1 MiB GitHub drops a summary as a whole
MAX_TEXT = 2_000  # characters of one finding
CUT = "\nThe rest is left out: there is more than GitHub shows.\n"
MORE = (
    "Judged on public cases, by finite differences of the code that was handed out. "
    "What counts is the grade that your course gives."
)
SAID = ("not filled in",)  # the table says so already

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&!@])")


CATALOGUE = """# Mistakes that are found by their numbers

Each is a change made to the reference wherever it fits; a student whose arrays equal those of the
changed reference in every case made this mistake. The first that fits gives the name. A hint has
three levels, and `grader run --hints` says how many of them students read: a question, where to
look, what kind of mistake it is. This page is printed by `grader mistakes`.
"""


def summary(reports: Sequence[Report], asides: Sequence[str] = ()) -> str:
    """All of them, below the size that GitHub accepts."""
    pieces: list[str] = []
    size = 0
    for piece in _pieces(reports, asides):
        size += len(piece.encode("utf-8", "replace"))
        if size > MAX_BYTES:
            return "".join([*pieces, CUT])
        pieces.append(piece)
    return "".join(pieces)


def _pieces(reports: Sequence[Report], asides: Sequence[str]) -> Iterator[str]:
    for report in reports:
        yield from _report(report)
    yield from (f"\nNote: {text(one)}\n" for one in asides)
    yield f"\n{MORE}\n"


def _report(report: Report) -> Iterator[str]:
    name = text(report.assignment or report.path)
    yield f"## {name}: {report.score:g} / {report.max_score:g}\n\n"
    if report.reason:
        yield f"Not graded. {text(report.reason)}\n"
        return
    yield "| exercise | verdict | points |\n|---|---|--:|\n"
    for one in report.exercises:
        yield f"| {text(one.name)} | {one.status} | {one.score:g} / {one.max_score:g} |\n"
    yield from (f"\nNote: {text(one)}\n" for one in report.notes)
    for one in report.exercises:
        yield from _details(one)


def _details(verdict: Verdict) -> Iterator[str]:
    told = [one for one in verdict.findings if one.problem not in SAID]
    if not (told or verdict.notes):
        return
    yield f"\n### {text(verdict.name)}\n\n"
    for one in told:
        array = f"**{text(one.array)}** " if one.array else ""
        yield f"- {array}{text(one.problem)}: {text(one.detail)}\n"
    yield from (f"- note: {text(one)}\n" for one in verdict.notes)
    if verdict.diagnosis:
        yield f"\n> {text(verdict.diagnosis.hint)}\n"


def text(words: str) -> str:
    """Text that shows as it is; what stands between two backticks is set as code."""
    line = "".join(letter if letter.isprintable() else " " for letter in words[:MAX_TEXT])
    parts = line.split("`")
    if len(parts) % 2 == 0:
        return _escaped(line)
    return "".join(
        f"`{part}`" if place % 2 and part.strip() else _escaped(part)
        for place, part in enumerate(parts)
    )


def _escaped(line: str) -> str:
    return _SPECIAL.sub(r"\\\1", line).replace("://", ":\\//").replace("www.", "www\\.")


def catalogue(entries: Sequence[tuple[str, Sequence[str], str, str]]) -> str:
    """The mistakes that can be named. An entry: name, hints by level, example before and after."""
    parts = [CATALOGUE]
    for name, hints, before, after in entries:
        levels = "\n".join(f"{number}. {hint}" for number, hint in enumerate(hints, 1))
        example = (
            f"```python\n{before}  # before\n```\n\n```python\n{after or 'pass'}  # after\n```"
        )
        parts.append(f"## {name}\n\n{levels}\n\n{example}\n")
    return "\n".join(parts)
