"""What the learning platforms write into the names of the files they hand out.

lovelaceada_LATE_123_456_layers-1.ipynb                      Canvas: student, user, attachment
Ada King_77_assignsubmission_file_/                          Moodle: name, participant
Homework_ada_attempt_2026-01-10-12-00-00_layers.ipynb        Blackboard: user, time
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

_FILES = (".ipynb", ".py", ".zip")
_CANVAS = re.compile(r"(?P<student>[^_]+)_(?P<late>LATE_)?(?P<id>\d+)_\d+(?:_.*)?")
_MOODLE = re.compile(r"(?P<student>.+?)_(?P<id>\d+)_assignsubmission_.*")
_BLACKBOARD = re.compile(
    r".+?_(?P<student>[^_]+)_attempt_(?P<day>\d{4}-\d\d-\d\d)-(?P<time>\d\d-\d\d-\d\d)(?:_.*)?"
)


@dataclass(frozen=True)
class Told:
    """identity: the platform's number of the student, "" where it tells none
    submitted: when, in ISO 8601 and the course's time; "" where it does not say
    is_late: the platform says so, without saying by how much
    """

    platform: str
    student: str
    identity: str = ""
    submitted: str = ""
    is_late: bool = False


def read(path: str) -> Told | None:
    """What the names of a path tell, the last one first; None where no platform wrote them."""
    for name in reversed(PurePosixPath(path).parts):
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
        if match := _MOODLE.fullmatch(name):
            return Told("Moodle", match["student"], match["id"])
        if suffix in _FILES and (match := _BLACKBOARD.fullmatch(stem)):
            time = match["time"].replace("-", ":")
            return Told("Blackboard", match["student"], submitted=f"{match['day']}T{time}")
        if suffix in _FILES and (match := _CANVAS.fullmatch(stem)):
            return Told("Canvas", match["student"], match["id"], is_late=bool(match["late"]))
    return None
