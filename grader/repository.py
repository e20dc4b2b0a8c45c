"""The notebooks of one checkout, graded on public cases behind the walls: what a CI job sees.

In a checkout no file is older than another, so names and places decide which notebook counts. What
the installed package, or a folder that the student cannot change, says about an assignment comes
before what lies in the checkout.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import handout, pipeline
from grader.errors import UsageError
from grader.folder import SKIPPED
from grader.handout import Handout
from grader.published import public_key
from grader.result import Finding, Report, Status, Verdict
from grader.sandbox.host import Sandbox, sandbox
from grader.submission import Submission, find

INSTALLED = ("venv", "site-packages")  # notebooks in there are not the student's

NONE = (
    "There is no notebook in this repository. Put the .ipynb file back where it was, or take a "
    "fresh copy from the assignment, then commit and push it."
)

Course = Mapping[str, Handout]


@dataclass(frozen=True)
class Checkout:
    """What was found and how it went, one report per assignment.

    asides: what was left alone, and why
    """

    reports: tuple[Report, ...]
    isolation: str
    asides: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        return math.fsum(one.score for one in self.reports)

    @property
    def max_score(self) -> float:
        return math.fsum(one.max_score for one in self.reports)

    @property
    def is_ungraded(self) -> bool:
        """The grader failed somewhere, so that the score says nothing."""
        return any(
            one.status == "ungraded" or any(v.status == Status.UNGRADED for v in one.exercises)
            for one in self.reports
        )


def grade(root: Path, exercises: Path | None, isolation: str) -> Checkout:
    """Grade what lies under root.

    exercises: the folder of an exercises.json to be trusted; then that assignment alone counts,
        and a missing notebook is a report without points

    Raises:
        UsageError: there is no notebook, or no exercises.json where one was said to be
        AuthorError, SandboxError: as in grader.errors
    """
    notebooks = sorted(_notebooks(root), key=lambda path: (len(path.parts), path))
    asides: list[str] = []
    course = _trusted(exercises) if exercises else _course(root, notebooks, asides)
    with sandbox(isolation) as box:
        chosen = _chosen(root, notebooks, course, asides)
        reports = [_graded(one, course, box) for one in chosen]
    if exercises and not any(one.assignment in course for one in chosen):
        reports = [_without_points(_blank(root, page), page, NONE) for page in course.values()]
    if not reports:
        raise UsageError(NONE)
    return Checkout(tuple(reports), isolation, tuple(asides))


def _notebooks(root: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(root):
        below[:] = [one for one in below if one not in (*SKIPPED, *INSTALLED) and one[0] != "."]
        for name in files:
            path = Path(folder, name)
            if path.suffix == ".ipynb" and name[0] != "." and not path.is_symlink():
                yield path


def _trusted(folder: Path) -> Course:
    page = handout.find(folder)
    if page is None:
        raise UsageError(f"no {handout.FILE} in {folder}; --exercises names the folder that has it")
    return {page.slug: page}


def _course(root: Path, notebooks: Sequence[Path], asides: list[str]) -> Course:
    """By slug. A damaged file in the checkout matters only to who needs it."""
    course: dict[str, Handout] = {}
    for folder in dict.fromkeys([root, *(path.parent for path in notebooks)]):
        try:
            page = handout.find(folder)
        except UsageError as error:
            asides.append(str(error))
        else:
            course |= {page.slug: page} if page else {}
    bundled = [page for place in handout.bundled().values() if (page := handout.find(place))]
    return course | {page.slug: page for page in bundled}


def _chosen(
    root: Path, notebooks: Sequence[Path], course: Course, asides: list[str]
) -> list[Submission]:
    """One per assignment: what can be read, what bears its name, what lies highest."""
    known = {slug: page.names for slug, page in course.items()}
    with TemporaryDirectory(prefix="grader-") as scratch:
        found = [one for path in notebooks for one in find([path], known, Path(scratch))]
    found = [replace(one, path=str(one.file.relative_to(root))) for one in found]
    ours = [one for one in found if one.assignment in course]
    asides += [f"{one.path}: {one.rejected}" for one in found if ours and one not in ours]
    chosen: dict[str, Submission] = {}
    for one in sorted(ours or found, key=_rank):
        first = chosen.setdefault(one.assignment or one.path, one)
        if first is not one:
            asides.append(f"{one.path} is not looked at: {first.path} is graded.")
    return [replace(one, student=root.name) for _, one in sorted(chosen.items())]


def _rank(one: Submission) -> tuple[bool, bool, int, str]:
    is_named = Path(one.path).stem == one.assignment
    return one.rejected is not None, not is_named, len(Path(one.path).parts), one.path


def _graded(one: Submission, course: Course, box: Sandbox) -> Report:
    page = course.get(one.assignment)
    if page is None:
        return pipeline.rejected(one, None).report
    if one.rejected:
        return _without_points(one, page, one.rejected)
    return pipeline.grade(one, public_key(page), box).report


def _blank(root: Path, page: Handout) -> Submission:
    return Submission(root.name, f"{page.slug}.ipynb", root, page.slug, 0.0)


def _without_points(one: Submission, page: Handout, reason: str) -> Report:
    """Rejected, with every exercise named: a list of tests must not change its length."""
    report = pipeline.rejected(replace(one, rejected=reason), None).report
    finding = Finding("", "not graded", "the notebook could not be graded", "")
    verdicts = tuple(
        Verdict(each.name, Status.MISSING, 0, each.max_score, findings=(finding,))
        for each in page.exercises
    )
    most = sum(each.max_score for each in page.exercises)
    return replace(report, oracle="numeric", max_score=most, exercises=verdicts)
