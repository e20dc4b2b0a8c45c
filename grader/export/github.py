"""Workflow commands: what GitHub Actions reads out of a job's log.

A line that begins with two colons is an order to the runner, and so is "##[" anywhere in a line.
Text that students may have written is made harmless, escaped, or shown while orders are suspended.
At most ten annotations of a level are shown per step; there is at most one per exercise.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from pathlib import Path

from grader.errors import cannot_write
from grader.result import Report, Status, Verdict

MAX_ANNOTATIONS = 10  # of one level, in one step; the runner drops the rest without a word
LEVELS = {
    Status.PARTIAL: "error",
    Status.WRONG: "error",
    Status.STOPPED: "error",
    Status.MISSING: "warning",
    Status.UNGRADED: "warning",
}


def harmless(text: str) -> str:
    """The text in one line that gives no orders, wherever it is printed."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line.replace("::", ": :").replace("##[", "## [")


def command(name: str, message: str, **properties: str) -> str:
    """One order to the runner, with its title and the like."""
    about = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {about}::{_escaped(harmless(message))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(harmless(text)).replace(":", "%3A").replace(",", "%2C")


def quoted(text: str) -> Iterator[str]:
    """Show the text as it is; no line of it is an order, for nobody can guess the token."""
    token = secrets.token_hex(16)
    yield f"::stop-commands::{token}"
    yield from text.split("\n")
    yield f"::{token}::"


def remarks(report: Report) -> Iterator[str]:
    """One per exercise that is not right, or one for a notebook that was not graded."""
    if report.reason:
        title = f"{report.assignment or 'notebook'} not graded"
        yield command("error", report.reason, file=report.path, title=title)
        return
    shown = dict.fromkeys(LEVELS.values(), 0)
    for verdict in report.exercises:
        level = LEVELS.get(verdict.status)
        if level and shown[level] < MAX_ANNOTATIONS:
            shown[level] += 1
            title = f"{verdict.name} {verdict.status}, {verdict.score:g} / {verdict.max_score:g}"
            yield command(level, _message(verdict), file=report.path, title=title)


def _message(verdict: Verdict) -> str:
    first = [f"{one.array} {one.problem}: {one.detail}".lstrip() for one in verdict.findings[:1]]
    return ". ".join([*first, *([verdict.diagnosis.hint] if verdict.diagnosis else [])])


def notices(score: int, max_score: int) -> Iterator[str]:
    """The two lines in which GitHub Classroom's reporter told the points."""
    yield command("notice", f"Points {score}/{max_score}", title="Autograding complete")
    points = json.dumps({"totalPoints": score, "maxPoints": max_score})
    yield command("notice", points, title="Autograding report")


def append(path: str | None, text: str) -> None:
    """Add to a file that the runner reads after the step, such as its summary.

    Raises:
        UsageError: it cannot be written
    """
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", errors="replace") as file:
            file.write(text)
    except OSError as error:
        raise cannot_write(path, error) from error
