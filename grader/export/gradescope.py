"""Gradescope: the results.json that an autograder leaves behind for one submission.

A test per exercise, in Gradescope's words. Texts are sent as plain text: nothing in them is
interpreted. A submission that we failed to grade has no score, so that it asks for a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.results import Results, replacing, second_look

Report = Mapping[str, Any]


def write(results: Results, path: Path) -> Iterator[Path]:
    """Write results.json.

    Raises:
        UsageError: there is not one submission
    """
    reports = list(results)
    if len(reports) != 1:
        raise UsageError(
            f"Gradescope's results.json is for one submission, made by its autograder; "
            f"{results.path} holds {len(reports)}"
        )
    with replacing(path) as file:
        json.dump(of(reports[0]), file, indent=1)
    yield path


def of(report: Report) -> dict[str, Any]:
    """What Gradescope shows of the report."""
    told: dict[str, Any] = {
        "output": "\n".join(_words(report)),
        "output_format": "text",
        "test_output_format": "text",
        "execution_time": report["seconds"],
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(place, one) for place, one in enumerate(report["exercises"], 1)],
        "extra_data": {"digest": report["digest"], "oracle": report["oracle"]},
    }
    if report["status"] == "ungraded":
        return told | {"tests": [{"name": "Not graded", "output": report["reason"]}]}
    return told | {"score": report["final_score"]}


def _words(report: Report) -> Iterator[str]:
    if report["reason"]:
        yield report["reason"]
    yield from report["notes"]
    if report["late"] and report["late"]["points"]:
        yield f"late: {report['late']['points']:g} points off"
    yield from map(second_look, report["overrides"])


def _test(number: int, verdict: Report) -> dict[str, Any]:
    lines = [
        f"{one['array']} {one['problem']}: {one['detail']}".strip() for one in verdict["findings"]
    ]
    lines += [verdict["diagnosis"]["hint"]] if verdict["diagnosis"] else []
    return {
        "name": verdict["name"],
        "number": str(number),
        "score": verdict["score"],
        "max_score": verdict["max_score"],
        "status": "passed" if verdict["status"] == "correct" else "failed",
        "output": "\n".join([f"{verdict['status']}.", *lines, *verdict["notes"]]),
    }
