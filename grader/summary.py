"""From the reports of a run to the facts about the class. Numbers only; how they look is said in
report/."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any

from grader.lessons import Lesson, by_frequency, learn
from grader.result import Status

BINS = 10


@dataclass
class AssignmentSummary:
    """One assignment.

    exercises: how many verdicts of each status, by exercise in the order of the assignment
    scores: the final ones, of all that were graded
    lessons: mistakes, by exercise and name
    steps, curves: of a training run, by exercise: at which steps, and the losses of each student
    """

    name: str
    max_score: float = 0.0
    scores: list[float] = field(default_factory=list)
    exercises: dict[str, Counter[str]] = field(default_factory=dict)
    lessons: dict[tuple[str, ...], Lesson] = field(default_factory=dict)
    steps: dict[str, tuple[int, ...]] = field(default_factory=dict)
    curves: dict[str, list[tuple[float, ...]]] = field(default_factory=dict)

    @property
    def mean(self) -> float:
        return mean(self.scores) if self.scores else 0.0

    @property
    def median(self) -> float:
        return median(self.scores) if self.scores else 0.0

    @property
    def bins(self) -> list[int]:
        """How many scores lie in each tenth of the maximum; the last one holds the maximum."""
        counts = [0] * BINS
        for score in self.scores:
            share = score / self.max_score if self.max_score else 0.0
            counts[min(int(share * BINS + 1e-9), BINS - 1)] += 1
        return counts

    @property
    def mistakes(self) -> list[Lesson]:
        return by_frequency(self.lessons.values())


@dataclass(frozen=True)
class Row:
    """One submission, as a line in a table.

    is_scored: graded, or given points by a person
    """

    student: str
    assignment: str
    path: str
    status: str
    reason: str | None
    score: float
    max_score: float
    final_score: float
    days_late: int
    is_scored: bool
    verdicts: tuple[tuple[str, str], ...]  # name and status, per exercise


@dataclass
class Summary:
    """One run."""

    isolation: str
    grader: str
    rows: list[Row] = field(default_factory=list)
    assignments: dict[str, AssignmentSummary] = field(default_factory=dict)

    @property
    def statuses(self) -> Counter[str]:
        return Counter(row.status for row in self.rows)

    @property
    def attention(self) -> list[Row]:
        """What a person must look at."""
        return [row for row in self.rows if row.status != "graded"]


def summarise(reports: Iterable[Mapping[str, Any]], isolation: str, grader: str) -> Summary:
    """Count. Keeps a line per submission and none of the findings."""
    summary = Summary(isolation, grader)
    for report in reports:
        summary.rows.append(_row(report))
        if report["status"] == "graded":
            _count(summary, report)
    return summary


def _row(report: Mapping[str, Any]) -> Row:
    names = ("student", "assignment", "path", "status", "reason", "score", "max_score")
    verdicts = tuple((one["name"], one["status"]) for one in report["exercises"])
    final = report.get("final_score", report["score"])
    days = report["late"]["days"] if report.get("late") else 0
    fields = {name: report[name] for name in names}
    scored = report["status"] == "graded" or bool(report.get("overrides"))
    return Row(**fields, final_score=final, days_late=days, is_scored=scored, verdicts=verdicts)


def _count(summary: Summary, report: Mapping[str, Any]) -> None:
    name = report["assignment"]
    about = summary.assignments.setdefault(name, AssignmentSummary(name))
    about.max_score = max(about.max_score, report["max_score"])
    about.scores.append(report.get("final_score", report["score"]))
    learn(about.lessons, report)
    for one in report["exercises"]:
        counts = about.exercises.setdefault(one["name"], Counter())
        counts[Status(one["status"])] += 1
        if one.get("learned"):
            about.steps[one["name"]] = tuple(one["learned"]["at"])
            about.curves.setdefault(one["name"], []).append(tuple(one["learned"]["losses"]))
