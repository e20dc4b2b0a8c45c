"""Canvas: a CSV per assignment for Gradebook > Import.

The importer (lib/gradebook_importer.rb of canvas-lms) wants Student, ID, SIS User ID, SIS Login ID
and Section, then the assignment, named "Title (number)" where it exists already; without the number
a new one is made. An empty cell would delete a grade, so that a file holds one assignment, and of
its students only those who have a score. With the gradebook that Canvas exports, students get their
rows there, and the assignment its column; without it, the number in the names of the files that
Canvas hands out says who is meant.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader import lms
from grader.errors import UsageError
from grader.results import Results, replacing
from grader.visible import cell

HEAD = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
_TITLE = re.compile(r"(.*?)(?: \(\d+\))?")
_SORTABLE = re.compile(r"[\W_]+")

Row = Mapping[str, str]


def write(results: Results, folder: Path, gradebook: Path | None) -> Iterator[Path]:
    """Write canvas-<assignment>.csv for each assignment.

    Raises:
        UsageError: the gradebook is none
    """
    rows = _read(gradebook) if gradebook else []
    for slug, reports in _by_assignment(results).items():
        path = folder / f"canvas-{slug}.csv"
        title = _title(slug, rows)
        with replacing(path) as file:
            table = csv.writer(file)
            table.writerow([*HEAD, title])
            table.writerow(["    Points Possible", "", "", "", "", f"{_most(reports):g}"])
            for report in reports:
                person = _person(report, rows)
                table.writerow([*map(cell, person), f"{report['final_score']:g}"])
        yield path


def _by_assignment(results: Results) -> dict[str, list[Mapping[str, Any]]]:
    """What has a score: graded, or given one by hand."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for report in results:
        if report["assignment"] and (report["status"] == "graded" or report["overrides"]):
            found.setdefault(report["assignment"], []).append(report)
    return found


def _most(reports: list[Mapping[str, Any]]) -> float:
    return float(max(report["max_score"] for report in reports))


def _read(gradebook: Path) -> list[Row]:
    try:
        with gradebook.open(encoding="utf-8-sig", newline="") as file:
            rows: list[Row] = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"cannot read {gradebook}: {error}") from error
    if not rows or not {"Student", "ID", "Section"} <= rows[0].keys():
        raise UsageError(f"{gradebook} is no gradebook of Canvas; use Gradebook > Export there")
    return rows


def _title(slug: str, rows: list[Row]) -> str:
    """The column of the gradebook with this name, whatever its case, else a new one."""
    for name in rows[0] if rows else ():
        match = _TITLE.fullmatch(name)
        if match and match[1].strip().lower() == slug.lower():
            return name
    return slug


def _person(report: Mapping[str, Any], rows: list[Row]) -> list[str]:
    told = lms.read(report["path"])
    number = told.identity if told and told.platform == "Canvas" else ""
    for row in rows:
        if (number and number == row["ID"]) or report["student"] in _names(row):
            return [row.get(name) or "" for name in HEAD]
    return [report["student"], number, "", "" if number else report["student"], ""]


def _names(row: Row) -> set[str]:
    """What a student may be called: the login, the numbers, the name as in file names."""
    joined = _SORTABLE.sub("", row["Student"]).lower()
    return {row.get(name) or "-" for name in ("ID", "SIS User ID", "SIS Login ID", "Student")} | {
        joined
    }
