"""nbgrader: scores and comments into a real gradebook.db, so that formgrader, feedback and export
work as after its own autograder.

Only auto_score and auto_comment are written: what a person has set in formgrader stands, now and
after the next push. Do not run `nbgrader autograde` afterwards, which would overwrite them.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.results import Results

DATABASE = "gradebook.db"
TEST = "test_"  # how our notebooks name the cell that bears the points of an exercise
FIELDS = {"schema_version": 3, "locked": False, "task": False, "cell_type": "code"}

Report = Mapping[str, Any]


def write(results: Results, course: Path) -> Iterator[Path]:
    """Push every graded submission into the gradebook of a course folder.

    Raises:
        UsageError: nbgrader is not installed, or there is no such folder
    """
    if not course.is_dir():
        raise UsageError(f"no folder {course}; --to names the folder of the nbgrader course")
    known: set[str] = set()
    with _gradebook(course) as book:
        for report in results:
            if report["status"] != "graded" or _is_no_name(report["student"]):
                continue
            if report["assignment"] not in known:
                _register(book, report)
                known.add(report["assignment"])
            _push(book, report, _Folder(course, report))
    yield course / DATABASE


def _is_no_name(student: str) -> bool:
    return Path(student).name != student


@contextmanager
def _gradebook(course: Path) -> Iterator[Any]:
    try:
        from nbgrader.api import Gradebook  # type: ignore[import-untyped]
    except ImportError:
        raise UsageError("nbgrader is missing: pip install 'autograd-grader[nbgrader]'") from None
    before = os.environ.get("PATH", "")
    # A new database is made by the program alembic, which lies beside our interpreter.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        with (
            warnings.catch_warnings(action="ignore"),  # of SQLAlchemy, about nbgrader's own code
            Gradebook(f"sqlite:///{(course / DATABASE).resolve()}") as book,
        ):
            yield book
    finally:
        os.environ["PATH"] = before


def _register(book: Any, report: Report) -> None:
    """The cells must be known before the first submission, which gets a row for each."""
    slug = report["assignment"]
    book.update_or_create_assignment(slug)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book.update_or_create_notebook(slug, slug, kernelspec=json.dumps(kernel))
    for one in report["exercises"]:
        points = float(one["max_score"])
        test = f"{TEST}{one['name']}"
        book.update_or_create_grade_cell(test, slug, slug, max_score=points, cell_type="code")
        book.update_or_create_solution_cell(one["name"], slug, slug)


def _push(book: Any, report: Report, folder: _Folder) -> None:
    book.update_or_create_student(report["student"])
    submission = book.update_or_create_submission(
        report["assignment"], report["student"], timestamp=folder.timestamp
    )
    scores, comments = _scores(report), {one["name"]: comment(one) for one in report["exercises"]}
    (notebook,) = submission.notebooks
    for grade in notebook.grades:
        if (name := grade.name.removeprefix(TEST)) in scores:
            grade.auto_score, grade.needs_manual_grade = scores[name], False
    for one in notebook.comments:
        if one.name in comments:
            one.auto_comment = comments[one.name]
    off = round(sum(scores.values()) - report["final_score"], 6)
    notebook.late_submission_penalty = off or None
    book.db.commit()
    folder.fill(report)


def _scores(report: Report) -> dict[str, float]:
    changed = {one["exercise"]: one["points"] for one in report["overrides"] if one["exercise"]}
    return {one["name"]: float(one["score"]) for one in report["exercises"]} | changed


def comment(verdict: Report) -> str | None:
    """What the student reads at the exercise, as Markdown; nothing where all is right."""
    lines = [
        f"{one['array']} {one['problem']}: {one['detail']}".strip() for one in verdict["findings"]
    ]
    lines += [verdict["diagnosis"]["hint"]] if verdict["diagnosis"] else []
    return "\n\n".join(line.replace("<", "&lt;") for line in lines) or None


class _Folder:
    """autograded/<student>/<assignment>/, without which formgrader shows nothing."""

    def __init__(self, course: Path, report: Report) -> None:
        place = Path(report["student"], report["assignment"])
        self._submitted = course / "submitted" / place
        self._path = course / "autograded" / place
        stamped = self._submitted / "timestamp.txt"
        self.timestamp = stamped.read_text().strip() if stamped.is_file() else _utc(report)

    def fill(self, report: Report) -> None:
        self._path.mkdir(parents=True, exist_ok=True)
        name = f"{report['assignment']}.ipynb"
        page = _submitted(self._submitted / name) or _made(report)
        texts = {f"{TEST}{one['name']}": _text(one) for one in report["exercises"]}
        for cell in page["cells"]:
            about = cell.get("metadata", {}).get("nbgrader", {})
            if (text := texts.get(about.get("grade_id"))) is not None:
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
        for file, text in ((name, json.dumps(page, indent=1)), ("timestamp.txt", self.timestamp)):
            if text:
                (self._path / file).unlink(missing_ok=True)  # nbgrader makes them read-only
                (self._path / file).write_text(text, encoding="utf-8")


def _utc(report: Report) -> str | None:
    if not report.get("submitted"):
        return None
    when = datetime.fromisoformat(report["submitted"])
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _text(verdict: Report) -> str:
    head = f"{verdict['status']}: {verdict['score']:g} of {verdict['max_score']:g} points"
    return f"{head}\n{comment(verdict) or ''}".rstrip() + "\n"


def _submitted(path: Path) -> dict[str, Any] | None:
    """The notebook in the course, if it is one of ours."""
    try:
        page = json.loads(path.read_bytes())
        names = {one["metadata"].get("nbgrader", {}).get("grade_id") for one in page["cells"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return page if any(str(name).startswith(TEST) for name in names) else None


def _made(report: Report) -> dict[str, Any]:
    """A notebook of what was graded, where the course holds none."""
    cells = []
    for one in report["exercises"]:
        source = "\n".join(one["source"]["lines"]) if one["source"] else ""
        cells.append(_cell(one["name"], source, {"solution": True, "grade": False}))
        points = {"solution": False, "grade": True, "points": one["max_score"], "locked": True}
        cells.append(_cell(f"{TEST}{one['name']}", f"check({one['name']})", points))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}


def _cell(name: str, source: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    about = {"nbgrader": {**FIELDS, "grade_id": name, **fields}}
    return {"cell_type": "code", "id": name, "metadata": about, "source": source} | {
        "execution_count": None, "outputs": []
    }  # fmt: skip
