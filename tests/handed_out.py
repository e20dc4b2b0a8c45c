"""Results as a run writes them, made for tests without grading anything."""

from dataclasses import asdict, replace

from grader.course import Course
from grader.result import (
    ArrayVerdict,
    Diagnosis,
    Finding,
    Report,
    Source,
    Status,
    Stopped,
    Verdict,
)
from grader.results import NAME, read, write_json
from grader.settle import settle

RIGHT = Verdict("ReLU", Status.CORRECT, 6, 6, 0.01, arrays=(ArrayVerdict("dx", True, 6, 6, 0.0),))
SOURCE = Source(
    cell=2,
    first_line=1,
    lines=(
        "class Affine:",
        "    def backward(self, upstream):",
        "        self.db = upstream.mean(0)",
    ),
    marked=(3,),
)
PARTIAL = Verdict(
    "Affine",
    Status.PARTIAL,
    4,
    6,
    0.01,
    arrays=(ArrayVerdict("dx", True, 4, 4, 1e-16), ArrayVerdict("db", False, 0, 2, 0.8)),
    findings=(Finding("db", "wrong values", "at [0] yours 0.2754, expected 1.377", "case 2"),),
    diagnosis=Diagnosis("mean-for-sum", "exact", "You averaged over the `batch`.", "db"),
    source=SOURCE,
)
LOOPED = Verdict(
    "Affine",
    Status.STOPPED,
    0,
    6,
    1.0,
    findings=(Finding("", "timed out", "still running after 1 seconds", "case 1"),),
    stopped=Stopped("timed out", "still running after 1 seconds"),
)
REPORT = Report(
    *(
        "ada",
        "layers",
        "ada/layers/layers.ipynb",
        "sha256:1",
        "graded",
        None,
        10.0,
        12,
        "reference",
    ),
    seconds=0.1,
    exercises=(PARTIAL, RIGHT),
    submitted="2026-01-10T12:00:00+00:00",
    clock="timestamp.txt",
)
REJECTED = replace(
    REPORT,
    student="carl",
    path="carl.ipynb",
    status="rejected",
    reason="The link leads nowhere. Hand in the notebook itself.",
    score=0.0,
    exercises=(),
)


def report(student, *verdicts, **fields):
    """A graded report of these verdicts."""
    score = float(sum(one.score for one in verdicts))
    return replace(REPORT, student=student, exercises=verdicts, score=score, **fields)


def results(folder, *reports, course=None):
    """Write results.json into the folder, and read it."""
    settled = (settle(asdict(one), course or Course()) for one in reports)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / NAME, settled, "0.1.0", "none")
    return read(folder)
