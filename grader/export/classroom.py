"""What the grading reporter of GitHub Classroom reads: one runner per exercise.

The reporter's table counts tests that passed, its notice adds up scores. The two agree where all
tests of a runner weigh the same: an array of six points beside one of four is three tests of two.
"""

from __future__ import annotations

import base64
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.export.github import harmless
from grader.result import Report, Status, Verdict

VERSION = 1  # of the results that its own command grader writes; the reporter never reads it


def runners(reports: Sequence[Report]) -> dict[str, str]:
    """The result of each exercise by the id of its runner, in base64 as the reporter wants it."""
    names = Counter(verdict.name.lower() for one in reports for verdict in one.exercises)
    return {
        _runner(one, verdict, names): base64.b64encode(
            json.dumps(result(verdict)).encode()
        ).decode()
        for one in reports
        for verdict in one.exercises
    }


def _runner(report: Report, verdict: Verdict, names: Mapping[str, int]) -> str:
    name = verdict.name.lower()
    return name if names[name] == 1 else f"{report.assignment}-{name}"


def result(verdict: Verdict) -> dict[str, Any]:
    """One exercise."""
    is_done = verdict.status == Status.CORRECT
    ended = "error" if verdict.status == Status.UNGRADED else "fail"
    return {
        "version": VERSION,
        "status": "pass" if is_done else ended,
        "max_score": int(verdict.max_score),
        "tests": list(_tests(verdict, ended)),
    }


def _tests(verdict: Verdict, ended: str) -> Iterator[dict[str, Any]]:
    unit, parts = _parts(verdict)
    for name, passed, about in parts:
        yield {
            "name": harmless(name),
            "status": "pass" if passed else ended,
            "score": unit if passed else 0,
            "message": harmless(about),
            "test_code": "" if passed else harmless(about),
            "filename": "",
            "line_no": 0,
            "duration": 0,
        }


def _parts(verdict: Verdict) -> tuple[int, list[tuple[str, bool, str]]]:
    """Points per test, and name, success and explanation of each."""
    arrays = verdict.arrays
    if not arrays or sum(one.score for one in arrays) != verdict.score:
        whole = math.gcd(int(verdict.score), int(verdict.max_score))
        many, right = int(verdict.max_score) // whole, int(verdict.score) // whole
        about = _about(verdict, "")
        return whole, [(f"({n}/{many})", n <= right, about) for n in range(1, many + 1)]
    unit = math.gcd(*(int(one.max_score) for one in arrays))
    parts = []
    for one in arrays:
        many = int(one.max_score) // unit
        for n in range(1, many + 1):
            name = f"{one.name} ({n}/{many})" if many > 1 else one.name
            parts.append((name, one.correct, _about(verdict, one.name)))
    return unit, parts


def _about(verdict: Verdict, array: str) -> str:
    """The first thing found of this array."""
    for one in verdict.findings:
        if one.array in ("", array):
            return f"{one.problem}: {one.detail}"
    return ""
