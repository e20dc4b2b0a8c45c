"""Verdicts, reports and runs as plain text, and the progress of a run.

Knows results; does not know how they were reached. What students wrote is shown without its
control characters, which could rewrite what a terminal shows.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import fill
from typing import Any, TypeVar

from grader.result import Audited, Finding, Report, Status, Verdict
from grader.summary import AssignmentSummary, Row, Summary

WIDTH = 76
MAX_ROWS = 40  # of a table on the terminal; the class report holds them all
REFRESH_SECONDS = 0.1

One = TypeVar("One")


def render(verdict: Verdict) -> str:
    """One exercise."""
    name = _plain(verdict.name)
    lines = [f"{name:<56}{verdict.status:>8}{verdict.score:4g} / {verdict.max_score:g}"]
    lines += [_wrapped(_finding(one), "      ") for one in verdict.findings]
    if verdict.diagnosis:
        lines += [_wrapped(verdict.diagnosis.hint)]
    lines += [_wrapped(f"note: {note}", "      ") for note in verdict.notes]
    return "\n".join(lines) + "\n"


def _finding(finding: Finding) -> str:
    array = f"{finding.array}  " if finding.array else ""
    return f"{array}{finding.problem}: {finding.detail}"


def _wrapped(text: str, indent: str = "  ") -> str:
    return fill(
        _plain(text),
        WIDTH,
        initial_indent="  ",
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def report(report: Report) -> str:
    """One submission."""
    head = f"{_plain(report.student)}, {_plain(report.assignment or 'unknown assignment')}"
    score = f"{report.score:g} / {report.max_score:g}" if report.status == "graded" else ""
    lines = [f"{head:<56}{report.status:>8} {score}".rstrip(), ""]
    if report.reason:
        lines += [_wrapped(report.reason), ""]
    lines += [_wrapped(f"note: {note}", "      ") for note in report.notes]
    return "\n".join(lines) + "\n".join(render(one) for one in report.exercises)


def summary(summary: Summary) -> str:
    """What a run found, for somebody who sits at the terminal."""
    parts = [_submissions(summary.rows)]
    parts += [_assignment(one) for _, one in sorted(summary.assignments.items())]
    parts += [_attention(summary.attention)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _submissions(rows: Sequence[Row]) -> str:
    if len(rows) > MAX_ROWS:
        return ""
    table = [("student", "assignment", "status", "score")]
    for row in rows:
        score = f"{row.final_score:g} / {row.max_score:g}" if row.is_scored else "-"
        table.append((_plain(row.student), _plain(row.assignment or "?"), row.status, score))
    return _table(table, right=(3,))


def _assignment(about: AssignmentSummary) -> str:
    statuses = [one for one in Status if one is not Status.UNGRADED]
    table: list[Sequence[str]] = [("exercise", *statuses)]
    table += [
        (name, *(str(counts[status] or ".") for status in statuses))
        for name, counts in about.exercises.items()
    ]
    many = len(about.scores)
    head = f"{about.name}: {many} graded, mean {about.mean:.1f}, median {about.median:.1f}"
    right = tuple(range(1, len(statuses) + 1))
    return f"{head} of {about.max_score:g}\n\n{_table(table, right)}"


def _table(table: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
    rule = "  ".join("-" * width for width in widths)
    return "\n".join([lines[0], rule, *lines[1:]])


def audited(found: Mapping[str, Sequence[Audited]]) -> str:
    """What an audit found, assignment by assignment."""
    ends = ("wrong", "stopped", "equivalent", "survivors")
    head = ("exercise", "cases", "mutants", *ends, "distance")
    right = tuple(range(1, len(head)))
    return "\n\n".join(
        f"{slug}\n\n{_table([head, *map(_audit_row, rows)], right)}{_survivors(rows)}"
        for slug, rows in found.items()
    )


def _audit_row(one: Audited) -> Sequence[str]:
    numbers = (one.cases, one.mutants, one.wrong, one.stopped, one.equivalent, len(one.survivors))
    return (one.exercise, *map(str, numbers), f"{one.gap:.0e}")


def _survivors(rows: Sequence[Audited]) -> str:
    return "".join(
        f"\n\n{row.exercise}, line {one.line}: {one.mistake} survives"
        f"\n  {one.before}\n  {one.after or '(left out)'}\n  missing: {one.missing}"
        for row in rows
        for one in row.survivors
    )


def _attention(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    lines = [f"{len(rows)} not graded:"]
    for row in rows[:MAX_ROWS]:
        lines += [f"{row.status}: {_plain(row.path)}", _wrapped(row.reason or "")]
    if len(rows) > MAX_ROWS:
        lines += [f"and {len(rows) - MAX_ROWS} more, in the class report"]
    return "\n".join(lines)


def progress(results: Iterable[One], total: int) -> Iterator[One]:
    """Pass results on and show how far they are, on standard error and only on a terminal.

    Draws from this thread: processes are forked while it is shown.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns: tuple[Any, ...] = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = Progress(
        "Grading", *columns, console=console, transient=True, auto_refresh=False,
        disable=not console.is_terminal or not total,
    )  # fmt: skip
    drawn = 0.0
    with shown:
        task = shown.add_task("", total=total)
        for result in results:
            yield result
            shown.advance(task)
            if time.monotonic() - drawn > REFRESH_SECONDS:
                drawn = time.monotonic()
                shown.refresh()
