"""What `grader ci` does in a job: grade the checkout, tell the person and the platform.

The log shows our words, and students' text only where the runner takes no orders from it. What is
for a person is the summary and at most one annotation per exercise; what is for a program is a
file or an output of the step.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from grader import __version__
from grader.errors import GraderError, SandboxError, UsageError
from grader.export import classroom, classroom50, github
from grader.report import markdown, terminal
from grader.repository import Checkout, grade
from grader.results import SCHEMA

OUR_FAULT = "the grader failed, so that the points say nothing; run the job again"
NOTHING = "no notebook could be graded; the summary says why"

Print = Callable[[str], None]


@dataclass(frozen=True)
class Job:
    """What was asked for.

    exercises: the folder of an exercises.json that students cannot change, if there is one
    fail_under: "40" or "75%"
    """

    root: Path
    form: str = "github"
    fail_under: str | None = None
    exercises: Path | None = None
    isolation: str = "landlock+seccomp"


def run(job: Job, environment: Mapping[str, str], show: Print) -> bool:
    """Grade and tell. False when there are fewer points than were asked for.

    Raises:
        UsageError: nothing could be graded
        SandboxError, AuthorError: as in grader.errors; the log and the summary say so too
    """
    try:
        wanted = _wanted(job.fail_under)
        found = grade(job.root, job.exercises, job.isolation)
        body = markdown.summary(found.reports, found.asides)
        github.append(environment.get("GITHUB_STEP_SUMMARY"), body)
        TELL[job.form](job, found, environment, show)
        _complain(job, found)
    except GraderError as error:
        message = github.harmless(str(error))
        if job.form != "json":
            show(github.command("error", message, title="Not graded"))
        told = f"## Not graded\n\n{markdown.text(message)}\n"
        github.append(environment.get("GITHUB_STEP_SUMMARY"), told)
        raise type(error)(message) from error
    return found.score >= wanted(found.max_score)


def _wanted(asked: str | None) -> Callable[[float], float]:
    """The points that are enough, of so many."""
    if asked is None:
        return lambda _: 0.0
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", asked.strip())
    if not match:
        raise UsageError(f"--fail-under {asked}: give points, such as 40, or percent, such as 75%")
    number = float(match[1])
    return lambda most: number * most / 100 if match[2] else number


def _complain(job: Job, found: Checkout) -> None:
    if found.is_ungraded:
        raise SandboxError(OUR_FAULT)
    if job.form != "classroom50" and all(one.status != "graded" for one in found.reports):
        raise UsageError(NOTHING)


def _github(_job: Job, found: Checkout, _environment: Mapping[str, str], show: Print) -> None:
    for line in (*_log(found), *github.notices(int(found.score), int(found.max_score))):
        show(line)


def _classroom(_job: Job, found: Checkout, environment: Mapping[str, str], show: Print) -> None:
    outputs = [f"{name}={code}\n" for name, code in classroom.runners(found.reports).items()]
    github.append(environment.get("GITHUB_OUTPUT"), "".join(outputs))
    for line in _log(found):
        show(line)


def _classroom50(job: Job, found: Checkout, environment: Mapping[str, str], show: Print) -> None:
    if len(found.reports) != 1:
        raise UsageError("name the assignment with --exercises; this repository has several")
    if found.is_ungraded:
        return  # its runner then says that the grading failed
    (report,) = found.reports
    classroom50.write(report, markdown.summary([report], found.asides), environment, job.root)
    github.append(environment.get("GITHUB_OUTPUT"), classroom50.outputs(report))
    for line in _log(found):
        show(line)


def _json(_job: Job, found: Checkout, _environment: Mapping[str, str], show: Print) -> None:
    head = {"schema": SCHEMA, "grader": __version__, "isolation": found.isolation}
    whole = head | {"submissions": [asdict(one) for one in found.reports]}
    show(json.dumps(whole, indent=1, allow_nan=False).replace("##[", "\\u0023#["))


def _log(found: Checkout) -> Iterator[str]:
    for report in found.reports:
        yield from github.quoted(terminal.report(report))
    for report in found.reports:
        yield from github.remarks(report)


TELL: dict[str, Callable[[Job, Checkout, Mapping[str, str], Print], None]] = {
    "github": _github,
    "classroom": _classroom,
    "classroom50": _classroom50,
    "json": _json,
}
