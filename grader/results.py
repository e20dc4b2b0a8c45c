"""results.json and results.csv, the files that other people's programs read.

Written from an iterator of reports, one at a time, into a temporary file that replaces the old one
when it is complete: whoever reads finds the last run's results or this one's, never half a file.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from grader.errors import UsageError, cannot_write
from grader.visible import cell

SCHEMA = "grader/results/v1"
COLUMNS = (
    *("student", "assignment", "status", "score", "max_score"),
    *("seconds", "oracle", "path", "digest", "reason"),
    *("final_score", "submitted"),
)
NAME = "results.json"
PART = ".part"  # how a file ends that is being written
PRIVATE, PUBLIC = 0o600, 0o666  # what the umask leaves of it

Reports = Iterable[Mapping[str, Any]]


def write_json(path: Path, reports: Reports, grader: str, isolation: str) -> None:
    """Write results.json. grader: our version."""
    head = {"schema": SCHEMA, "grader": grader, "isolation": isolation, "submissions": []}
    before, after = json.dumps(head, allow_nan=False).split("[]")
    with replacing(path) as file:
        file.write(f"{before}[")
        for number, report in enumerate(reports):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(report, allow_nan=False))
        file.write(f"\n]{after}\n")


def write_one(path: Path, fields: Mapping[str, Any]) -> None:
    """Write one JSON object for another program, which may be another user's."""
    with replacing(path, PUBLIC) as file:
        json.dump(fields, file, indent=1, allow_nan=False)


def write_csv(path: Path, reports: Reports) -> None:
    """Write results.csv, one row per submission."""
    with replacing(path) as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([cell(report.get(column)) for column in COLUMNS] for report in reports)


@dataclass(frozen=True)
class Results:
    """The results of a run, read from its folder; the submissions one at a time.

    What an older version did not write yet is added: nothing was late or given by hand.
    """

    path: Path
    grader: str
    isolation: str

    def __iter__(self) -> Iterator[dict[str, Any]]:
        with self.path.open(encoding="utf-8") as file:
            next(file)
            for line in file:
                if line.startswith("{"):
                    report = json.loads(line.rstrip(",\n"))
                    report.setdefault("final_score", report["score"])
                    report.setdefault("late", None)
                    report.setdefault("overrides", [])
                    yield report


def read(folder: Path) -> Results:
    """Find the results in a folder that a run has written.

    Raises:
        UsageError: there are none, or they are not ours
    """
    path = folder / NAME
    try:
        with path.open(encoding="utf-8") as file:
            first = file.readline()
        head = json.loads(first + "]}")
        if head["schema"] == SCHEMA:
            return Results(path, head["grader"], head["isolation"])
    except OSError as error:
        raise UsageError(
            f"no {NAME} in {folder}; name the folder that grader run has written"
        ) from error
    except (ValueError, KeyError, TypeError):
        pass
    raise UsageError(f"{path} is not what grader run has written; run it again, or name the folder")


def second_look(override: Mapping[str, Any]) -> str:
    """What a person gave and why, as a line for the student."""
    given = f"{override['points']:g} points for {override['exercise'] or 'the whole'}"
    return f"{given}, given by a person. {override['comment']}".strip()


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, for the owner alone; one that is there stays as it is."""
    if not path.exists():
        make_folder(path.parent)
        path.mkdir(mode=PRIVATE | 0o100, exist_ok=True)


@contextmanager
def replacing(path: Path, mode: int = PRIVATE) -> Iterator[IO[str]]:
    """A text file that takes the place of path when the block ends well; grades are private.

    Raises:
        UsageError: it cannot be written
    """
    part = path.with_name(f".{path.name}{PART}")
    try:
        part.unlink(missing_ok=True)  # of a run that was killed
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with open(descriptor, "w", encoding="utf-8", errors="replace", newline="") as file:
            yield file
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise cannot_write(str(path), error) from error
