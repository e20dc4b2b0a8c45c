"""Classroom 50: the result of a push as its collector reads it, and the folder that makes it so.

The field names are those of the schema classroom50/result/v1, which allows no others at the top.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import __version__, handout
from grader.errors import UsageError, cannot_write
from grader.result import Report, Status, Verdict

SCHEMA = "classroom50/result/v1"
RESULT, BODY = "result.json", "release-body.md"
AUTOGRADER = Path(__file__).parent / "files" / "autograder.txt"
TIME = "%Y-%m-%dT%H:%M:%SZ"
IDENTITY = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")

_PUSHED = re.compile(r"submit/(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z")


def result(report: Report, environment: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The content of result.json.

    Raises:
        UsageError: the variables that Classroom 50's runner sets are not there
    """
    missing = [name for name in IDENTITY if not environment.get(name)]
    if missing:
        raise UsageError(
            f"{', '.join(missing)} not set; --format classroom50 is for the runner of "
            f"Classroom 50, which sets them"
        )
    return {
        "schema": SCHEMA,
        "classroom": environment["CLASSROOM"],
        "assignment": environment["ASSIGNMENT"],
        "assignment_type": environment.get("ASSIGNMENT_TYPE") or "individual",
        "owner": _owner(environment),
        "submission": environment["SUBMISSION_TAG"],
        "commit": environment["COMMIT_URL"],
        "release": environment["RELEASE_URL"],
        "review": environment.get("REVIEW_URL") or environment["COMMIT_URL"],
        "datetime": _pushed(environment["SUBMISSION_TAG"]) or now.strftime(TIME),
        "graded_at": now.strftime(TIME),
        "score": int(report.score),
        "max-score": int(report.max_score),
        "tests": [_test(one) for one in report.exercises],
    }


def _owner(environment: Mapping[str, str]) -> str:
    names = (environment.get(name) for name in ("OWNER", "USERNAME", "GITHUB_ACTOR"))
    return next((name for name in names if name), "unknown")


def _pushed(tag: str) -> str:
    """When the work was handed in, as the tag has it; the same in every grading."""
    found = _PUSHED.match(tag)
    return f"{found[1]}T{found[2]}:{found[3]}:{found[4]}Z" if found else ""


def _test(verdict: Verdict) -> dict[str, Any]:
    return {
        "test-name": verdict.name,
        "passed": verdict.status == Status.CORRECT,
        "score": int(verdict.score),
        "max-score": int(verdict.max_score),
        "verdict": str(verdict.status),
        "message": "; ".join(_findings(verdict)),
        "hint": verdict.diagnosis.hint if verdict.diagnosis else "",
    }


def _findings(verdict: Verdict) -> Iterator[str]:
    for one in verdict.findings:
        yield f"{one.array} {one.problem}: {one.detail}".lstrip()


def now() -> datetime:
    return datetime.now(UTC)


def write(report: Report, body: str, environment: Mapping[str, str], folder: Path) -> None:
    """Write result.json and release-body.md into the folder, whatever a student put there."""
    content = json.dumps(result(report, environment, now()), indent=2) + "\n"
    for name, text in ((RESULT, content), (BODY, body)):
        try:
            (folder / name).unlink(missing_ok=True)  # a link would lead us elsewhere
            with (folder / name).open("x", encoding="utf-8", errors="replace") as file:
                file.write(text)
        except OSError as error:
            raise cannot_write(name, error) from error


def outputs(report: Report) -> str:
    """What the step says of itself: lines for $GITHUB_OUTPUT."""
    status = "success" if report.score == report.max_score else "failure"
    return f"status={status}\nsummary={report.score:g}/{report.max_score:g} points\n"


def bundle(slug: str, folder: Path) -> Path:
    """Write the folder autograders/SLUG for a configuration repository; return it.

    It holds what students have anyway, and nothing of the reference.

    Raises:
        UsageError: there is no such assignment, or the place is taken
    """
    course = handout.bundled()
    if slug not in course:
        raise UsageError(f"no assignment {slug}; there are: {', '.join(course)}")
    target = folder / slug
    try:
        target.mkdir(parents=True)
        script = AUTOGRADER.read_text(encoding="utf-8").replace("@VERSION@", __version__)
        (target / "autograder.py").write_text(script, encoding="utf-8")
        (target / handout.FILE).write_bytes((course[slug] / handout.FILE).read_bytes())
    except FileExistsError:
        raise UsageError(f"{target} is there already and is left as it is") from None
    except OSError as error:
        raise cannot_write(str(target), error) from error
    return target
