"""From reports to what people read: results.json first, and from that alone everything else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from grader.course import Course
from grader.errors import GraderError, cannot_write
from grader.report.html import MARK, PAGES, feedback, index, mark_of, page_of
from grader.results import NAME, PART, Results, make_folder, read, replacing, write_csv, write_json
from grader.settle import doubts, settle
from grader.summary import Summary, summarise

HEAD_CHARACTERS = 1000  # in which a page bears its mark

Say = Callable[[str], None]


def publish(
    folder: Path,
    reports: Iterable[Mapping[str, Any]],
    course: Course,
    about: tuple[str, str],
    say: Say,
) -> Summary:
    """Settle the reports and write everything.

    reports: may be read from the results.json that is replaced
    about: our version, and the isolation
    say: is told what in course.toml is for nobody, and which pages could not be drawn

    Raises:
        UsageError: something cannot be written
    """
    write_json(folder / NAME, (settle(one, course) for one in reports), *about)
    return _pages(read(folder), folder, course, say)


def _pages(results: Results, folder: Path, course: Course, say: Say) -> Summary:
    write_csv(folder / "results.csv", results)
    summary = summarise(results, results.isolation, results.grader)
    _index(folder / "index.html", summary, say)
    pages, present = set[Path](), dict[tuple[str, str], dict[str, float]]()
    for report in results:
        most = {one["name"]: one["max_score"] for one in report["exercises"]}
        present[report["student"], report["assignment"]] = most
        page = folder / page_of(report["student"], report["assignment"])
        if _feedback(page, report, results, say):
            pages.add(page)
    for note in doubts(course, present):
        say(f"course.toml: {note}")
    if gone := _remove_others(folder / PAGES, pages):
        say(f"{gone} pages of feedback removed, of submissions that are not there any more")
    return summary


def _index(page: Path, summary: Summary, say: Say) -> None:
    """Write the report on the class; without curves, where they cannot be drawn."""
    try:
        with replacing(page) as file:
            file.writelines(index(summary))
    except GraderError:
        raise
    except Exception as error:
        say(f"{page.name} has no curves: drawing it failed with {type(error).__name__}")
        for about in summary.assignments.values():
            about.curves.clear()
        with replacing(page) as file:
            file.writelines(index(summary))


def _feedback(page: Path, report: Mapping[str, Any], results: Results, say: Say) -> bool:
    """Write a page, unless it is there. False where none can be made of this report."""
    mark = mark_of(report, results.isolation)
    try:
        make_folder(page.parent)
        if page.is_file() and mark in _head(page):
            return True
    except OSError as error:
        raise cannot_write(str(page), error) from error
    text = _drawn(report, results.isolation, say)
    if text:
        with replacing(page) as file:
            file.write(text)
    return bool(text)


def _drawn(report: Mapping[str, Any], isolation: str, say: Say) -> str:
    """The page, as much of it as can be drawn: what is in one report must not cost the others
    theirs. Empty where nothing can be."""
    whose = f"the feedback of {report['student']} on {report['assignment'] or 'no assignment'}"
    for shown, lack in ((dict, "pictures"), (_without_pictures, "page")):
        try:
            return feedback(shown(report), isolation)
        except Exception as error:
            say(f"{whose} has no {lack}: drawing it failed with {type(error).__name__}")
    return ""


def _without_pictures(report: Mapping[str, Any]) -> dict[str, Any]:
    exercises = [
        {**one, "learned": None, "findings": [{**each, "grid": None} for each in one["findings"]]}
        for one in report["exercises"]
    ]
    return {**report, "exercises": exercises}


def _remove_others(folder: Path, pages: Collection[Path]) -> int:
    """Remove the pages that we wrote for others than these; return how many."""
    gone = 0
    for page in [*folder.glob("*/*.html"), *folder.glob(f"*/.*.html{PART}")]:
        ours = page.name.endswith(PART) or (page not in pages and MARK in _head(page))
        if ours and not page.is_symlink() and not page.parent.is_symlink():
            _remove(page)
            gone += page.suffix == ".html"
    return gone


def _remove(page: Path) -> None:
    try:
        page.unlink()
        if not any(page.parent.iterdir()):
            page.parent.rmdir()
    except OSError as error:
        raise cannot_write(str(page), error) from error


def _head(page: Path) -> str:
    with page.open(encoding="utf-8", errors="replace") as file:
        return file.read(HEAD_CHARACTERS)
