"""From a report to what counts in the end: overrides of a person first, then lateness.

Nothing that was graded is changed; what comes of it is added: final_score, late, overrides. So it
can be done again with other rules, from results.json alone.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from grader.course import Course, Override

DAY_SECONDS = 86_400

Report = Mapping[str, Any]


def settle(report: Report, course: Course) -> dict[str, Any]:
    """The report with final_score, late (None where on time, or nothing is due) and overrides."""
    mine = [one for one in course.overrides if _is_for(one, report)]
    score = _overridden(report, mine)
    late = _late(report, course)
    if late:
        late["points"] = round(score * late["percent"] / 100, 6)
    final = round(score - (late["points"] if late else 0.0), 6)
    told = [
        {"exercise": one.exercise, "points": one.points, "comment": one.comment} for one in mine
    ]
    return {**report, "final_score": final, "late": late, "overrides": told}


def _is_for(one: Override, report: Report) -> bool:
    """An exercise that is not there would add to the points; a rejected report names none."""
    names = {exercise["name"] for exercise in report["exercises"]}
    is_theirs = (one.student, one.assignment) == (report["student"], report["assignment"])
    return is_theirs and (not one.exercise or not names or one.exercise in names)


def _overridden(report: Report, overrides: Collection[Override]) -> float:
    scores = {one["name"]: float(one["score"]) for one in report["exercises"]}
    scores |= {one.exercise: one.points for one in overrides if one.exercise}
    for one in overrides:
        if not one.exercise:
            return one.points
    return math.fsum(scores.values())


def _late(report: Report, course: Course) -> dict[str, Any] | None:
    """By how much, and what that costs; no cost where only the file's time is known."""
    due = course.due_for(report["student"], report["assignment"])
    submitted = report.get("submitted")
    if due is None or not submitted:
        return None
    when = datetime.fromisoformat(submitted)
    when = when if when.tzinfo else when.replace(tzinfo=course.zone)
    over = when - due - timedelta(minutes=course.late.grace_minutes)
    if over <= timedelta(0):
        return None
    days = math.ceil(over.total_seconds() / DAY_SECONDS)
    counts = report.get("clock") != "file" or course.late.file_times
    percent = min(days * course.late.percent_per_day, course.late.max_percent) if counts else 0.0
    return {
        "due": due.isoformat(),
        "seconds": (when - due).total_seconds(),
        "days": days,
        "percent": percent,
        "points": 0.0,
        "counts": counts,
    }


Present = Mapping[tuple[str, str], Mapping[str, float]]


def doubts(course: Course, present: Present) -> Iterator[str]:
    """Say which overrides and extensions look like a typing error.

    present: the most points of each exercise, by student and assignment
    """
    yield from _for_nobody(course, present)
    for one in course.overrides:
        most = present.get((one.student, one.assignment), {})
        if one.exercise and most and one.exercise not in most:
            close = difflib.get_close_matches(one.exercise, most, n=1)
            meant = f"did you mean {close[0]}?" if close else f"there are {', '.join(most)}"
            yield f"{_named(one)} is for no exercise and counts for nothing; {meant}"
        elif most and one.points > (top := most.get(one.exercise, math.fsum(most.values()))):
            yield f"{_named(one)} gives {one.points:g} points of {top:g}"


def _named(one: Override) -> str:
    return f"the override for {one.student} in {one.assignment}, {one.exercise or 'all of it'},"


def _for_nobody(course: Course, present: Collection[tuple[str, str]]) -> Iterator[str]:
    asked = {(one.student, one.assignment): "override" for one in course.overrides}
    asked |= {(student, slug): "extension" for slug, student in course.extensions}
    students = {student for student, _ in present}
    for (student, slug), what in asked.items():
        if (student, slug) not in present:
            close = difflib.get_close_matches(student, students - {student}, n=1)
            meant = f"; did you mean {close[0]}?" if close and student not in students else ""
            yield f"the {what} for {student} in {slug or 'no assignment'} is for nobody{meant}"
