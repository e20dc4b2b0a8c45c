"""One row per student and assignment, a column per exercise. For a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from grader.results import Results, replacing
from grader.visible import cell

HEAD = ("student", "assignment", "status", "final_score", "score", "max_score", "days_late")


def write(results: Results, path: Path) -> Iterator[Path]:
    """Write the table."""
    names = dict.fromkeys(
        (report["assignment"], one["name"]) for report in results for one in report["exercises"]
    )
    with replacing(path) as file:
        rows = csv.writer(file)
        rows.writerow([*HEAD, *(f"{slug}: {name}" for slug, name in names)])
        for report in results:
            scores = {
                (report["assignment"], one["name"]): one["score"] for one in report["exercises"]
            }
            scores |= {
                (report["assignment"], one["exercise"]): one["points"]
                for one in report["overrides"]
            }
            late = report["late"]["days"] if report["late"] else 0
            first = (cell(report[name]) for name in HEAD[:-1])
            rows.writerow([*first, late, *(scores.get(name, "") for name in names)])
    yield path
