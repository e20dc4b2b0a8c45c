"""autograded/<student>/<assignment>/ of an nbgrader course, without which formgrader shows nothing.

It holds the notebook as it was handed in, or one made of what was graded, with a verdict below each
test. nbgrader is not needed to write it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TEST = "test_"  # how our notebooks name the cell that bears the points of an exercise
FIELDS = {"schema_version": 3, "locked": False, "task": False, "cell_type": "code"}

Report = Mapping[str, Any]
Points = Mapping[str, float]  # by exercise


class Folder:
    """timestamp: when it was handed in, in nbgrader's words, as far as known"""

    def __init__(self, course: Path, report: Report) -> None:
        place = Path(report["student"], report["assignment"])
        self._submitted = course / "submitted" / place
        self._path = course / "autograded" / place
        stamped = self._submitted / "timestamp.txt"
        self.timestamp = stamped.read_text().strip() if stamped.is_file() else _utc(report)

    def fill(self, report: Report, most: Points) -> None:
        """Write it. most: the points that each exercise is worth"""
        self._path.mkdir(parents=True, exist_ok=True)
        name = f"{report['assignment']}.ipynb"
        page = _handed_in(self._submitted / name) or _made(report, most)
        texts = {f"{TEST}{one['name']}": _text(one) for one in report["exercises"]}
        for cell in page["cells"]:
            about = cell.get("metadata", {}).get("nbgrader", {})
            if (text := texts.get(about.get("grade_id"))) is not None:
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
        for file, text in ((name, json.dumps(page, indent=1)), ("timestamp.txt", self.timestamp)):
            if text:
                (self._path / file).unlink(missing_ok=True)  # nbgrader makes them read-only
                (self._path / file).write_text(text, encoding="utf-8")


def comment(verdict: Report) -> str:
    """What the student reads at the exercise, as Markdown; nothing where all is right."""
    lines = [
        f"{one['array']} {one['problem']}: {one['detail']}".strip() for one in verdict["findings"]
    ]
    lines += [verdict["diagnosis"]["hint"]] if verdict["diagnosis"] else []
    return "\n\n".join(map(plain, lines))


def plain(text: str) -> str:
    """Markdown in which no tag can stand."""
    return text.replace("<", "&lt;")


def _utc(report: Report) -> str | None:
    if not report.get("submitted"):
        return None
    when = datetime.fromisoformat(report["submitted"])
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _text(verdict: Report) -> str:
    head = f"{verdict['status']}: {verdict['score']:g} of {verdict['max_score']:g} points"
    return f"{head}\n{comment(verdict)}".rstrip() + "\n"


def _handed_in(path: Path) -> dict[str, Any] | None:
    """The notebook in the course, if it is one of ours."""
    try:
        page = json.loads(path.read_bytes())
        names = {one["metadata"].get("nbgrader", {}).get("grade_id") for one in page["cells"]}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return page if any(str(name).startswith(TEST) for name in names) else None


def _made(report: Report, most: Points) -> dict[str, Any]:
    """A notebook of what was graded, where the course holds none."""
    cells = [_markdown(plain(report["reason"]))] if report["reason"] else []
    texts = {one["name"]: one["source"]["lines"] for one in report["exercises"] if one["source"]}
    for name, points in most.items():
        source = "\n".join(texts.get(name, ()))
        cells.append(_code(name, source, {"solution": True, "grade": False}))
        fields = {"solution": False, "grade": True, "points": points, "locked": True}
        cells.append(_code(f"{TEST}{name}", f"check({name})", fields))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    about = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}


def _markdown(text: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": "reason", "metadata": {}, "source": text}


def _code(name: str, source: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    about = {"nbgrader": {**FIELDS, "grade_id": name, **fields}}
    return {"cell_type": "code", "id": name, "metadata": about, "source": source} | {
        "execution_count": None, "outputs": []
    }  # fmt: skip
