"""exercises.json: what lies beside a student's notebook and says what is checked.

It holds the exercises and the answers to their public cases, as plain data: nothing in there is
ever run. A course of one's own has it in the notebook's folder; that of the bundled course is
inside the installed package too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.exercise import Exercise, from_json

FILE = "exercises.json"
SCHEMA = "grader/exercises/v1"


@dataclass(frozen=True, eq=False)
class Handout:
    """One assignment as students have it.

    published: by exercise, one answer per public case, as grader.published writes it
    """

    slug: str
    title: str
    exercises: tuple[Exercise, ...]
    published: Mapping[str, Any]
    path: Path

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.exercises)

    def __getitem__(self, name: str) -> Exercise:
        return self.exercises[self.names.index(name)]


def bundled() -> dict[str, Path]:
    """The folder of every assignment that came with the package, by slug."""
    package = Path(__file__).parent
    inside = package / "assignments"  # in the wheel; a checkout has the folders at the top
    root = inside if inside.is_dir() else package.parent / "assignments"
    return {file.parent.name: file.parent for file in sorted(root.glob(f"*/{FILE}"))}


def find(folder: Path) -> Handout | None:
    """The handout in this folder, if there is one; read again only when the file has changed.

    Raises:
        UsageError: it is there, but damaged
    """
    file = folder / FILE
    try:
        status = file.stat()
    except OSError:
        return None
    return _read(file, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=32)
def _read(file: Path, _changed: int, _bytes: int) -> Handout:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if content["schema"] != SCHEMA:
            raise ValueError(content["schema"])
        return Handout(
            content["slug"],
            content["title"],
            tuple(from_json(one) for one in content["exercises"]),
            content.get("published", {}),
            file,
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{FILE} beside the notebook is damaged ({type(error).__name__}: {error}). Replace it "
            f"by a fresh copy: the course has it, and `grader start` for the bundled assignments."
        ) from error
