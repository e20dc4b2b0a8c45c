"""A run of a part: some students, some assignments, some exercises. The rest stands as it was."""

from __future__ import annotations

import difflib
import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from grader.errors import UsageError
from grader.result import Report
from grader.submission import Known, Submission


@dataclass(frozen=True)
class Only:
    """What was named; where nothing is, everything."""

    students: tuple[str, ...] = ()
    assignments: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        return not (self.students or self.assignments or self.exercises)

    def covers(self, one: Submission) -> bool:
        return (not self.students or one.student in self.students) and (
            not self.assignments or one.assignment in self.assignments
        )

    def check(self, submissions: Collection[Submission], known: Known) -> None:
        """Refuse names that nobody has.

        Raises:
            UsageError: one is unknown; says which may be meant
        """
        _check("student", self.students, {one.student for one in submissions})
        _check("assignment", self.assignments, set(known))
        slugs = self.assignments or tuple(known)
        _check("exercise", self.exercises, {name for slug in slugs for name in known[slug]})


EVERYTHING = Only()


def _check(what: str, asked: Collection[str], there: Collection[str]) -> None:
    for name in asked:
        if name not in there:
            close = difflib.get_close_matches(name, there, n=2)
            meant = f"did you mean {' or '.join(close)}?" if close else ", ".join(sorted(there)[:8])
            raise UsageError(f"no {what} is called {name}; {meant}")


def merged(old: Mapping[str, Any], new: Report) -> dict[str, Any]:
    """The old report with the verdicts of the new one in their places.

    An ungraded one replaces nothing: then the old report stands, and says what happened.
    """
    if new.status != "graded":
        note = f"A part was to be graded again, in vain. {new.reason}"
        return {**old, "notes": [*old["notes"], note]}
    fresh = {one.name: asdict(one) for one in new.exercises}
    exercises = [fresh.get(one["name"], one) for one in old["exercises"]]
    return {**old, "exercises": exercises, "score": math.fsum(one["score"] for one in exercises)}
