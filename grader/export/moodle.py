"""Moodle: a grading worksheet per assignment, for "Upload grading worksheet".

The importer (mod/assign/feedback/offline of Moodle) wants Identifier, Grade and "Last modified
(grade)"; it takes "Participant 77" apart to find the student, and passes over a grade that was
changed in Moodle after that time. With the worksheet that Moodle hands out, its rows are filled in
and the rest stays as it is; without it, the names of the folders that Moodle hands out say who is
meant. The site must be in English, or the worksheet its own.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grader import lms
from grader.errors import UsageError
from grader.results import Results, replacing, second_look
from grader.visible import cell

ID, NAME, GRADE, COMMENTS = "Identifier", "Full name", "Grade", "Feedback comments"
MODIFIED = "Last modified (grade)"
HEAD = (ID, NAME, "Email address", GRADE, "Maximum Grade", MODIFIED, COMMENTS)

Report = Mapping[str, Any]


def write(results: Results, folder: Path, worksheet: Path | None) -> Iterator[Path]:
    """Write moodle-<assignment>.csv for each assignment.

    Raises:
        UsageError: the worksheet is none
    """
    head, rows = _read(worksheet) if worksheet else (HEAD, [])
    found: dict[str, list[Report]] = {}
    for report in results:
        if report["assignment"] and (report["status"] == "graded" or report["overrides"]):
            found.setdefault(report["assignment"], []).append(report)
    for slug, reports in found.items():
        path = folder / f"moodle-{slug}.csv"
        filled = _filled(reports, rows) if worksheet else map(_row, reports)
        with replacing(path) as file:
            table = csv.DictWriter(file, head, extrasaction="ignore")
            table.writeheader()
            table.writerows(filled)
        yield path


def _read(worksheet: Path) -> tuple[Sequence[str], list[dict[str, str]]]:
    try:
        with worksheet.open(encoding="utf-8-sig", newline="") as file:
            table = csv.DictReader(file)
            rows = list(table)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"cannot read {worksheet}: {error}") from error
    head = list(table.fieldnames or ())
    if not {ID, GRADE} <= set(head):
        raise UsageError(
            f"{worksheet} is no grading worksheet; use View all submissions > Download grading "
            f"worksheet in Moodle, in English"
        )
    return head, rows


def _filled(reports: Sequence[Report], rows: Sequence[dict[str, str]]) -> Iterator[dict[str, Any]]:
    by_name = {name: report for report in reports for name in _names(report)}
    for row in rows:
        names = (row[ID], row.get("Email address"), row.get("ID number"), row.get(NAME))
        report = next((by_name[name] for name in names if name and name in by_name), None)
        yield {**row, **_grade(report)} if report else row


def _names(report: Report) -> list[str]:
    told = lms.read(report["path"])
    number = [f"Participant {told.identity}"] if told and told.platform == "Moodle" else []
    return [*number, report["student"]]


def _row(report: Report) -> dict[str, Any]:
    person = {ID: cell(_names(report)[0]), NAME: cell(report["student"]), MODIFIED: "-"}
    return person | {"Maximum Grade": f"{report['max_score']:g}"} | _grade(report)


def _grade(report: Report) -> dict[str, Any]:
    return {GRADE: f"{report['final_score']:g}", COMMENTS: _comments(report)}


def _comments(report: Report) -> str:
    """A line per exercise; Moodle shows it as HTML, in which nothing of ours is special."""
    lines = [
        f"{one['name']}: {one['status']}, {one['score']:g} of {one['max_score']:g}"
        for one in report["exercises"]
    ]
    lines += map(second_look, report["overrides"])
    if report["late"] and report["late"]["points"]:
        lines.append(f"late: {report['late']['points']:g} points off")
    return "<br>".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in lines)
