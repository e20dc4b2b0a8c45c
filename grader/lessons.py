"""What a class has not understood: its mistakes by frequency, each with an example.

An example shows what came out and the code it came from, and not whose it is: comments are left
out, and code in which its author's name occurs is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Report = Mapping[str, Any]

UNNAMED = "not recognised"
MAX_LINES = 40
MIN_NAME = 3  # shorter names occur in words

_COMMENT = re.compile(r"\s*#.*$")
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Example:
    """lines: with whether it is the one to look at; empty where no code can be shown"""

    finding: str
    lines: tuple[tuple[str, bool], ...] = ()


@dataclass
class Lesson:
    """One mistake in one exercise.

    mistake: its name, or what differs where the cause was not recognised
    students: who made it
    """

    assignment: str
    exercise: str
    mistake: str
    hint: str
    example: Example
    students: list[str] = field(default_factory=list)


def learn(lessons: dict[tuple[str, ...], Lesson], report: Report) -> None:
    """Add what one submission teaches."""
    for verdict in report["exercises"]:
        mistake, hint = _mistake(verdict)
        if not mistake:
            continue
        key = (report["assignment"], verdict["name"], mistake)
        if key not in lessons:
            lessons[key] = Lesson(*key, hint, _example(report["student"], verdict))
        elif not lessons[key].example.lines:
            lessons[key].example = _example(report["student"], verdict)
        lessons[key].students.append(report["student"])


def by_frequency(lessons: Iterable[Lesson]) -> list[Lesson]:
    """The most frequent first; what was recognised before what was not."""
    return sorted(lessons, key=lambda one: (not one.hint, -len(one.students)))


def _mistake(verdict: Report) -> tuple[str, str]:
    if found := verdict["diagnosis"]:
        return found["mistake"].replace("-", " "), found["hint"]
    if verdict["stopped"]:
        return _stop(verdict["stopped"]), ""
    if verdict["status"] in ("partial", "wrong"):
        found = next((one for one in verdict["findings"] if one["array"]), None)
        return (f"{found['array']}: {found['problem']}" if found else UNNAMED), ""
    return "", ""


def _stop(stopped: Report) -> str:
    """Raised, and what; the message is each student's own."""
    kind = re.search(r"raised (\w+)", stopped["detail"])
    return f"raised {kind[1]}" if stopped["how"] == "raised" and kind else str(stopped["how"])


def _example(student: str, verdict: Report) -> Example:
    array = verdict["diagnosis"]["array"] if verdict["diagnosis"] else None
    findings = [one for one in verdict["findings"] if array in (None, one["array"])]
    told = [f"{one['array']} {one['problem']}: {one['detail']}".strip() for one in findings[:1]]
    text = told[0] if told else ""
    lines = _lines(verdict.get("source"))
    if names_its_author(student, [text, *(line for line, _ in lines)]):
        return Example("" if names_its_author(student, [text]) else text)
    return Example(text, lines)


def _lines(source: Report | None) -> tuple[tuple[str, bool], ...]:
    """The code without comments, around what is marked."""
    if not source or not source["marked"]:
        return ()
    marked = {line - source["first_line"] for line in source["marked"]}
    first = max(0, min(marked) - MAX_LINES // 2)
    kept = enumerate(source["lines"][first : first + MAX_LINES], first)
    plain = ((_COMMENT.sub("", line), place in marked) for place, line in kept)
    return tuple((line, is_marked) for line, is_marked in plain if line.strip())


def names_its_author(student: str, texts: Sequence[str]) -> bool:
    """Say whether a part of the name, or the whole of it, stands in one of the texts."""
    parts = [part.casefold() for part in _WORDS.findall(student) if len(part) >= MIN_NAME]
    lower = [text.casefold() for text in texts]
    whole = student.casefold()
    return any(whole in text or any(part in text for part in parts) for text in lower)
