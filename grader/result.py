"""What comes out of grading, from one call up to one submission. Plain data, no behaviour.

The fields of Report and of all that it holds are the fields of results.json; to rename one is to
break other people's programs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np


@dataclass(frozen=True)
class Returned:
    """A case ran to its end.

    arrays: the answers that are numbers, converted to arrays
    unusable: the answers that are not, and what they were instead ("None", "a str")
    matrices: names of answers that were np.matrix, which cannot have one axis
    arguments: the arrays that were passed in, as they were afterwards
    forward_calls: how often forward was called while backward ran, as far as the worker says; in
        torch how often autograd was asked where a formula belongs
    """

    arrays: Mapping[str, np.ndarray]
    unusable: Mapping[str, str] = field(default_factory=dict)
    matrices: frozenset[str] = frozenset()
    arguments: Mapping[str, np.ndarray] = field(default_factory=dict)
    forward_calls: int = 0


@dataclass(frozen=True)
class Raised:
    """Student code raised. Everything here is the student's text, cut to size."""

    type: str
    message: str
    where: str = ""  # "Affine.backward, cell 5 line 12", as far as known
    line: int | None = None  # of the cell
    source: str = ""  # that line


@dataclass(frozen=True)
class Undefined:
    """The notebook defines nothing of that name."""


@dataclass(frozen=True)
class TimedOut:
    limit_seconds: float


@dataclass(frozen=True)
class Died:
    """The process ended by itself or by the kernel: signal, memory, os._exit."""

    reason: str


@dataclass(frozen=True)
class Refused:
    """What came back was not a reply, or more than is accepted."""

    reason: str


Outcome = Returned | Raised | Undefined | TimedOut | Died | Refused


@dataclass(frozen=True)
class Reply:
    """What came of one request.

    outcomes: one per case, in order; fewer where the process did not live to the last case
    notes: what the worker had to tell ("Affine is defined twice; the last definition counts"),
        as untrusted as the rest
    seconds: measured by the host
    """

    outcomes: tuple[Outcome, ...]
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


class Status(StrEnum):
    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    MISSING = "missing"  # the stub was not filled in
    STOPPED = "stopped"  # raised, timed out, died or was refused
    UNGRADED = "ungraded"  # the grader failed: costs nothing, a person must look


@dataclass(frozen=True)
class ArrayVerdict:
    """How one checked array went, the worst over all cases."""

    name: str
    correct: bool
    score: float
    max_score: float
    relative_error: float | None  # None where there was nothing to compare


@dataclass(frozen=True)
class Grid:
    """Which entries of an array are wrong and by how much, for a picture. No value is in it.

    shape: of the array; its last axis runs along a row, all others make rows
    cell: how many entries a cell stands for, down and along; the worst of them decides
    rows: a character per cell: "." right, "1" to "4" wrong by ever more (grader.compare.BANDS),
        "x" not a finite number
    wrong: how many entries are wrong
    """

    shape: tuple[int, ...]
    cell: tuple[int, int]
    rows: tuple[str, ...]
    wrong: int


@dataclass(frozen=True)
class Finding:
    """One difference, in the student's words."""

    array: str
    problem: str
    detail: str
    case: str
    grid: Grid | None = None  # where there are entries to compare


@dataclass(frozen=True)
class Diagnosis:
    mistake: str
    certainty: str  # "exact" or "likely"
    hint: str
    array: str


@dataclass(frozen=True)
class Stopped:
    how: str  # "raised", "timed out", "died", "refused"
    detail: str
    line: int | None = None


LARGEST = 1e300  # of what is drawn: rounding, or a margin around it, takes more to infinity


@dataclass(frozen=True)
class Map:
    """Probabilities of class 1 in percent, on an even grid from low to high.

    rows: from the lowest second coordinate to the highest
    places: some of the points that the network was trained on
    """

    low: tuple[float, float]
    high: tuple[float, float]
    rows: tuple[tuple[int, ...], ...]
    places: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Learned:
    """What there is to be seen of a training run, in numbers for pictures.

    share: of fresh points, how many are right; threshold: how many must be
    losses, expected_losses: the curve and that of the reference, at the steps in `at`; the curve
        may end before, as it does at what is not finite or beyond LARGEST
    labels: classes of the places in every map
    before, after: where points lie in a plane and are of two classes
    latent: the last hidden layer after training, where it has two units
    """

    share: float
    threshold: float
    steps: int
    at: tuple[int, ...]
    losses: tuple[float, ...]
    expected_losses: tuple[float, ...]
    labels: tuple[int, ...]
    before: Map | None = None
    after: Map | None = None
    latent: Map | None = None


@dataclass(frozen=True)
class Source:
    """The student's text of an exercise.

    first_line: of lines, within the cell
    marked: lines of the cell that deserve a look
    """

    cell: int
    first_line: int
    lines: tuple[str, ...]
    marked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """One exercise."""

    name: str
    status: Status
    score: float
    max_score: float
    seconds: float = 0.0
    arrays: tuple[ArrayVerdict, ...] = ()
    findings: tuple[Finding, ...] = ()
    diagnosis: Diagnosis | None = None
    stopped: Stopped | None = None
    notes: tuple[str, ...] = ()
    learned: Learned | None = None  # of a training run alone
    source: Source | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.score <= self.max_score:
            raise ValueError(f"{self.name}: a score of {self.score} out of {self.max_score}")


@dataclass(frozen=True)
class Report:
    """One submission.

    submitted: when it was handed in, as far as known, in ISO 8601
    clock: what tells that: "timestamp.txt", "git", the name of a platform, or "file"
    """

    student: str
    assignment: str
    path: str
    digest: str
    status: str  # "graded", "rejected" or "ungraded"
    reason: str | None
    score: float
    max_score: float
    oracle: str  # "reference" or "numeric"
    seconds: float
    exercises: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()
    submitted: str | None = None
    clock: str = ""


@dataclass(frozen=True)
class Survivor:
    """A mutant that no case of its exercise tells from the reference.

    missing: the kind of input that would have told it
    """

    mistake: str
    line: int
    before: str
    after: str
    missing: str


@dataclass(frozen=True)
class Audited:
    """What the audit found of one exercise.

    wrong, stopped, equivalent: how its mutants ended; the rest are survivors
    gap: the largest distance between reference and witness, relative to the gradient's size
    """

    exercise: str
    cases: int
    mutants: int
    wrong: int
    stopped: int
    equivalent: int
    survivors: tuple[Survivor, ...]
    gap: float
