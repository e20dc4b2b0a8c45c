"""Points alone, as one small JSON: student -> assignment -> score, maximum, per exercise."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.results import Results, replacing

SCHEMA = "grader/scores/v1"


def write(results: Results, path: Path) -> Iterator[Path]:
    """Write the file."""
    students: dict[str, dict[str, Any]] = {}
    for report in results:
        students.setdefault(report["student"], {})[report["assignment"]] = _scores(report)
    with replacing(path) as file:
        json.dump({"schema": SCHEMA, "students": students}, file, indent=1, ensure_ascii=False)
    yield path


def _scores(report: Mapping[str, Any]) -> dict[str, Any]:
    names = ("status", "final_score", "score", "max_score")
    exercises = {one["name"]: one["score"] for one in report["exercises"]}
    changed = {one["exercise"]: one["points"] for one in report["overrides"] if one["exercise"]}
    return {name: report[name] for name in names} | {"exercises": exercises | changed}
