"""The download of Gradescope: a folder per submission, and submission_metadata.yml above them.

    submission_123:
      :submitters:
      - :name: Ada King
        :email: ada@example.org
      :created_at: 2026-01-10 12:00:00.000000000 Z

Read line by line and not as YAML, which can hold objects, and whose results part can be large.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

NAME = "submission_metadata.yml"
LEVELS = 4
MAX_BYTES = 50_000_000

_BLOCK = re.compile(r"^(\S+):[ ]*$", re.MULTILINE)
_PART = re.compile(r"^  :(\w+):", re.MULTILINE)
_FIELD = re.compile(r":(sid|email|name): *(.*)")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)? (Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Entry:
    """What is told about one folder; students by their e-mail, or else number or name."""

    students: tuple[str, ...] = ()
    submitted: str | None = None


def entry(file: Path) -> Entry | None:
    """What the metadata above the file tell about it."""
    for folder in [*file.parents][:LEVELS]:
        if (folder.parent / NAME).is_file():
            return _read(folder.parent / NAME).get(folder.name)
    return None


def submitted(file: Path) -> str | None:
    found = entry(file)
    return found.submitted if found else None


@cache
def _read(path: Path) -> Mapping[str, Entry]:
    try:
        text = path.read_bytes()[:MAX_BYTES].decode("utf-8", "replace")
    except OSError:
        return {}
    blocks = _BLOCK.split(text)[1:]
    return {name: _entry(block) for name, block in zip(blocks[::2], blocks[1::2], strict=True)}


def _entry(block: str) -> Entry:
    parts = _PART.split(block)[1:]
    told = dict(zip(parts[::2], parts[1::2], strict=True))
    people = (dict(_FIELD.findall(one)) for one in told.get("submitters", "").split("\n  - "))
    names = (one.get("email") or one.get("sid") or one.get("name", "") for one in people)
    time = _TIME.match(told.get("created_at", "").strip("\n '\""))
    when = datetime.fromisoformat("{}T{}{}".format(*time.groups())).isoformat() if time else None
    return Entry(tuple(name.strip("'\"") for name in names if name), when)
