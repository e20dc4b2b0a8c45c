"""One submission, from its file to its report."""

from __future__ import annotations

import math
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from grader.diagnose import HINT_LEVEL, diagnose
from grader.errors import MissingLibrary
from grader.excerpt import excerpt
from grader.exercise import Request
from grader.judge import judge
from grader.key import ExerciseKey, Key
from grader.notebook import NotebookError, read
from grader.ownforward import with_own_forward
from grader.result import Reply, Report, Status, Verdict
from grader.shrink import bounded, with_small_graphs
from grader.submission import Submission
from grader.training import blame

OUR_FAULT = (
    "The grader failed, not the submission. A person must look; journal.jsonl says what happened."
)
CHANGED = "The file was changed or removed during the run. Run the grader again."


Cause = Callable[[ExerciseKey, Reply, Verdict], Verdict]


class Sandbox(Protocol):
    """Where the cells are run; grader.sandbox.host has the real one."""

    def play(
        self, cells: Sequence[tuple[str, str]], requests: Sequence[Request]
    ) -> Iterator[Reply]: ...


@dataclass(frozen=True)
class Graded:
    """trace: what happened to us where the report is "ungraded"; for the journal alone"""

    report: Report
    trace: str | None = None


def grade(
    submission: Submission, key: Key, sandbox: Sandbox, hint_level: int = HINT_LEVEL
) -> Graded:
    """Grade one submission. Whatever goes wrong on our side makes it "ungraded"."""
    started, traces = time.perf_counter(), list[str]()
    try:
        verdicts = _verdicts(submission, key, sandbox, hint_level, traces)
    except MissingLibrary as error:
        return ungraded(submission, key, f"{error}. Then run the grader again.", None)
    except (NotebookError, OSError):
        return ungraded(submission, key, CHANGED, traceback.format_exc())
    except Exception:
        return ungraded(submission, key, OUR_FAULT, traceback.format_exc())
    verdicts, shared = _apart(verdicts)
    seconds = time.perf_counter() - started
    failed = [one.name for one in verdicts if one.status is Status.UNGRADED]
    return Graded(
        Report(
            student=submission.student,
            assignment=submission.assignment,
            path=submission.path,
            digest=submission.digest,
            status="ungraded" if failed else "graded",
            reason=f"{', '.join(failed)}: {OUR_FAULT}" if failed else None,
            score=math.fsum(one.score for one in verdicts),
            max_score=key.max_score,
            oracle=key.oracle,
            seconds=round(seconds, 6),
            exercises=verdicts,
            notes=(*submission.notes, *shared),
            submitted=submission.submitted,
            clock=submission.clock,
        ),
        "\n".join(traces) or None,
    )


def _verdicts(
    submission: Submission, key: Key, sandbox: Sandbox, hint_level: int, traces: list[str]
) -> tuple[Verdict, ...]:
    """Judge every exercise by itself: where we fail in one, the others stand."""
    cells = [cell for cell in read(submission.file).cells if cell.kind == "code"]
    sources = [(f"cell {one.number}", one.source) for one in cells]
    replies = list(sandbox.play(sources, key.requests()))

    def again(request: Request) -> Reply:
        return next(sandbox.play(sources, [request]))

    shrinking = bounded(again)

    def cause(key: ExerciseKey, reply: Reply, verdict: Verdict) -> Verdict:
        found = with_own_forward(key, reply, diagnose(key, reply, verdict, hint_level), again)
        return with_small_graphs(key, found, shrinking)

    verdicts = [
        _verdict(exercise, reply, cause, traces)
        for exercise, reply in zip(key.exercises, replies, strict=True)
    ]
    blamed = blame([one.exercise for one in key.exercises], verdicts)
    return tuple(replace(one, source=excerpt(cells, one)) for one in blamed)


def _apart(verdicts: tuple[Verdict, ...]) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    """The verdicts without the notes that all of them share; and these, on the notebook."""
    if len(verdicts) <= 1:
        return verdicts, ()
    shared = tuple(note for note in verdicts[0].notes if all(note in v.notes for v in verdicts))
    own = (tuple(note for note in one.notes if note not in shared) for one in verdicts)
    return tuple(replace(v, notes=notes) for v, notes in zip(verdicts, own, strict=True)), shared


def _verdict(key: ExerciseKey, reply: Reply, cause: Cause, traces: list[str]) -> Verdict:
    """A cause that cannot be found costs the verdict nothing; what happened goes to traces."""
    try:
        verdict = judge(key, reply)
    except Exception:
        traces.append(traceback.format_exc())
        of = key.exercise.max_score
        return Verdict(key.exercise.name, Status.UNGRADED, 0.0, of, notes=(OUR_FAULT,))
    try:
        return cause(key, reply, verdict)
    except Exception:
        traces.append(traceback.format_exc())
        return verdict


def rejected(submission: Submission, key: Key | None) -> Graded:
    """The report of something that is no submission; its reason says what to do."""
    return Graded(_without_verdicts(submission, key, "rejected", submission.rejected or ""))


def ungraded(submission: Submission, key: Key | None, reason: str, trace: str | None) -> Graded:
    """The report of a submission that we failed to grade."""
    return Graded(_without_verdicts(submission, key, "ungraded", reason), trace)


def _without_verdicts(submission: Submission, key: Key | None, status: str, reason: str) -> Report:
    return Report(
        student=submission.student,
        assignment=submission.assignment,
        path=submission.path,
        digest=submission.digest,
        status=status,
        reason=reason,
        score=0.0,
        max_score=key.max_score if key else 0.0,
        oracle=key.oracle if key else "reference",
        seconds=0.0,
        notes=submission.notes,
        submitted=submission.submitted,
        clock=submission.clock,
    )
