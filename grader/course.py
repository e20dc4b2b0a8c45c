"""course.toml: due dates, extensions, what lateness costs, and the second look of a person.

timezone = "Europe/Berlin"          # of times without one; UTC if not given
overrides = "second_look.csv"       # columns student, assignment, exercise, points, comment

[late]
percent_per_day = 10                # of the score, for every day begun
max_percent = 50
grace_minutes = 15
file_times = false                  # whether the time of a file counts where nothing else tells

[assignment.layers]
due = 2026-01-10T23:59:00
[assignment.layers.extensions]
ada = 2026-01-17T23:59:00

[[override]]
student = "ada"
assignment = "layers"
exercise = "Affine"                 # left out: the points of the whole assignment
points = 6
comment = "right up to a typing error"
"""

from __future__ import annotations

import csv
import difflib
import math
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.errors import UsageError

NAME = "course.toml"
TOP = ("timezone", "overrides", "late", "assignment", "override")
LATE = ("percent_per_day", "max_percent", "grace_minutes", "file_times")
ASSIGNMENT = ("due", "extensions")
OVERRIDE = ("student", "assignment", "exercise", "points", "comment")


@dataclass(frozen=True)
class Late:
    percent_per_day: float = 0.0
    max_percent: float = 100.0
    grace_minutes: float = 0.0
    file_times: bool = False


@dataclass(frozen=True)
class Override:
    """exercise: "" means the points of the whole assignment"""

    student: str
    assignment: str
    exercise: str
    points: float
    comment: str = ""


@dataclass(frozen=True)
class Course:
    """due, extensions: by assignment, and by assignment and student"""

    zone: tzinfo = field(default_factory=lambda: ZoneInfo("UTC"))
    late: Late = Late()
    due: Mapping[str, datetime] = field(default_factory=dict)
    extensions: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()

    def due_for(self, student: str, assignment: str) -> datetime | None:
        return self.extensions.get((assignment, student), self.due.get(assignment))


def find(asked: Path | None, folders: Collection[Path]) -> Course:
    """Read the file that was asked for, else the course.toml of a folder, else nothing is special.

    Raises:
        UsageError: it cannot be read, or says what it cannot mean
    """
    for path in [asked] if asked else [folder / NAME for folder in folders]:
        if asked or path.is_file():
            return read(path)
    return Course()


def read(path: Path) -> Course:
    """Read a course.toml.

    Raises:
        UsageError: it cannot be read, or says what it cannot mean
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from error
    try:
        return _course(told, path.parent)
    except (ValueError, TypeError, AttributeError, KeyError, ZoneInfoNotFoundError) as error:
        raise UsageError(f"{path}: {error}") from error


def _course(told: Mapping[str, Any], folder: Path) -> Course:
    _known(told, TOP, "at the top")
    _known(late := told.get("late", {}), LATE, "in [late]")
    zone = ZoneInfo(told.get("timezone", "UTC"))
    due, extensions = {}, {}
    for slug, about in told.get("assignment", {}).items():
        _known(about, ASSIGNMENT, f"in [assignment.{slug}]")
        if "due" in about:
            due[slug] = _time(about["due"], zone, f"due of {slug}")
        for student, until in about.get("extensions", {}).items():
            extensions[slug, student] = _time(until, zone, f"extension of {student} for {slug}")
    rows = list(told.get("override", []))
    if "overrides" in told:
        rows += _table(folder / told["overrides"])
    overrides = tuple(map(_override, rows))
    _once(overrides)
    return Course(zone, Late(**late), due, extensions, overrides)


def _once(overrides: Iterable[Override]) -> None:
    """Two of a kind would leave it to chance which of them counts."""
    seen = set[tuple[str, str, str]]()
    for one in overrides:
        what = (one.student, one.assignment, one.exercise)
        if what in seen:
            raise ValueError(
                f"two overrides for {one.student} in {one.assignment}, "
                f"{one.exercise or 'all of it'}; leave one"
            )
        seen.add(what)


def _known(told: Mapping[str, Any], names: Collection[str], where: str) -> None:
    for name in told:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            meant = f"did you mean {close[0]}?" if close else f"known are {', '.join(names)}"
            raise ValueError(f"{name} {where} is not known; {meant}")


def _time(value: object, zone: tzinfo, what: str) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError(f"{what} is {value!r}; write a date and a time, as 2026-01-10T23:59:00")
    return value if value.tzinfo else value.replace(tzinfo=zone)


def _table(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"cannot read {path}: {error}") from error
    return ({name: text for name, text in row.items() if text} for row in rows)


def _override(told: Mapping[str, Any]) -> Override:
    _known(told, OVERRIDE, "in an override")
    for name in ("student", "assignment", "points"):
        if name not in told:
            raise ValueError(f"an override needs {name}: {dict(told)}")
    points = float(told["points"])
    if not 0 <= points < math.inf:
        raise ValueError(f"an override of {told['student']} has {told['points']} points")
    words = {name: str(told.get(name, "")) for name in OVERRIDE if name != "points"}
    return Override(points=points, **words)
