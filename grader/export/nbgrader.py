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
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.export.autograded import TEST, Folder, Points, comment, plain
from grader.results import Results

DATABASE = "gradebook.db"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

Report = Mapping[str, Any]


def write(results: Results, course: Path) -> Iterator[Path]:
    """Push every submission that has points, from us or from a person, into the gradebook of a
    course folder.

    Raises:
        UsageError: nbgrader is not installed, or there is no such folder
    """
    if not course.is_dir():
        raise UsageError(f"no folder {course}; --to names the folder of the nbgrader course")
    with _gradebook(course) as book:
        worth = {slug: _register(book, slug, *most) for slug, most in _worth(results).items()}
        for slug in worth:
            (course / "source" / slug).mkdir(parents=True, exist_ok=True)  # what formgrader lists
        for report in filter(_has_points, results):
            _push(book, report, worth[report["assignment"]], Folder(course, report))
    yield course / DATABASE


def _has_points(report: Report) -> bool:
    is_name = Path(report["student"]).name == report["student"]
    return is_name and bool(report["status"] == "graded" or report["overrides"])


def _worth(results: Results) -> dict[str, tuple[dict[str, float], float]]:
    """What each exercise of each assignment is worth, as far as anybody's was graded, and what
    the whole is."""
    worth: dict[str, tuple[dict[str, float], float]] = {}
    for report in filter(_has_points, results):
        most, whole = worth.get(report["assignment"], ({}, 0.0))
        most |= {one["name"]: float(one["max_score"]) for one in report["exercises"]}
        whole = max(whole, report["max_score"], report["final_score"])
        worth[report["assignment"]] = most, whole
    return worth


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


def _register(book: Any, slug: str, most: Points, whole: float) -> Points:
    """Make the cells known, and say what those are worth that the gradebook knows.

    Where nobody's exercises were graded yet, the assignment is one exercise of its own name.
    """
    book.update_or_create_assignment(slug)
    notebook = book.update_or_create_notebook(slug, slug, kernelspec=json.dumps(KERNEL))
    known = {cell.name.removeprefix(TEST): cell.max_score for cell in notebook.grade_cells}
    worth = known | dict(most) or {slug: whole}
    for name, points in worth.items():
        about = {"max_score": points, "cell_type": "code"}
        book.update_or_create_grade_cell(f"{TEST}{name}", slug, slug, **about)
        book.update_or_create_solution_cell(name, slug, slug)
    return worth


def _push(book: Any, report: Report, most: Points, folder: Folder) -> None:
    book.update_or_create_student(report["student"])
    submission = book.update_or_create_submission(
        report["assignment"], report["student"], timestamp=folder.timestamp
    )
    (notebook,) = submission.notebooks
    _add_rows(book, notebook)
    scores, comments = _scores(report, most), _comments(report, most)
    for grade in notebook.grades:
        if (name := grade.name.removeprefix(TEST)) in scores:
            grade.auto_score, grade.needs_manual_grade = scores[name], False
    for one in notebook.comments:
        if one.name in comments:
            one.auto_comment = comments[one.name] or None
    off = round(sum(scores.values()) - report["final_score"], 6)
    notebook.late_submission_penalty = off or None
    book.db.commit()
    folder.fill(report, most)


def _add_rows(book: Any, notebook: Any) -> None:
    """For cells that are newer than the submission, which got a row for each there was."""
    from nbgrader.api import Comment, Grade

    known = {one.cell_id for one in (*notebook.grades, *notebook.comments)}
    about = notebook.notebook
    for make, cells in ((Grade, about.grade_cells), (Comment, about.solution_cells)):
        for cell in cells:
            if cell.id not in known:
                book.db.add(make(cell_id=cell.id, notebook=notebook))
    book.db.commit()


def _scores(report: Report, most: Points) -> dict[str, float]:
    """By exercise. Points for the whole are spread, because the gradebook has no place for them."""
    for one in report["overrides"]:
        if not one["exercise"]:
            share = one["points"] / (sum(most.values()) or 1.0)
            return {name: points * share for name, points in most.items()}
    graded = {one["name"]: float(one["score"]) for one in report["exercises"]}
    given = {one["exercise"]: one["points"] for one in report["overrides"]}
    return dict.fromkeys(most, 0.0) | graded | given


def _comments(report: Report, most: Points) -> dict[str, str]:
    """By exercise; what is about the whole stands at the first one."""
    first = next(iter(most))
    lines: dict[str, list[str]] = {name: [] for name in most}
    lines[first] += [plain(report["reason"])] if report["reason"] else []
    for one in report["overrides"]:
        what = "" if one["exercise"] else " for the whole, spread over the exercises"
        words = f"{one['points']:g} points{what}, given by a person. {one['comment']}".strip()
        lines.setdefault(one["exercise"] or first, []).append(plain(words))
    for verdict in report["exercises"]:
        lines.setdefault(verdict["name"], []).append(comment(verdict))
    return {name: "\n\n".join(filter(None, told)) for name, told in lines.items()}
