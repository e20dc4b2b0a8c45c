"""What has been graded, on disk: one JSON line per finished submission, only ever appended.

JSON lines and not a database: a killed writer leaves at most half a line, which is dropped when
the journal is opened; people can read it; every report and export is made from it alone. One
writer at a time, held by a lock. It survives the death of the process, not a power cut. Revisit
if several machines must write at once: then each has its own journal, and they are merged.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from grader.errors import UsageError, cannot_write
from grader.result import Report
from grader.results import make_folder

if sys.platform != "win32":
    import fcntl

NAME = "journal.jsonl"
OLD = "This is from an earlier run: the submission or the assignment has changed since then."
LOCK_SECONDS = 2.0  # for the processes of a killed run to end


@dataclass(frozen=True)
class Stamp:
    """All that decides a report. What is in the journal with the same stamp stands."""

    student: str
    assignment: str
    path: str
    digest: str  # of the submission
    key: str  # digest of the key, and how far hints go
    grader: str  # version
    isolation: str


class Journal:
    """The journal of one output folder, made by journal_in."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor
        self._places: dict[Stamp, int] = {}
        self._last: dict[tuple[str, str], int] = {}
        self._end = 0
        self._open()

    def _open(self) -> None:
        """Note where each line is; drop a last one that was not written to its end."""
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    os.ftruncate(self._descriptor, self._end)
                    return
                if stamp := _stamp(line):
                    self._note(stamp)
                self._end += len(line)

    def __contains__(self, stamp: Stamp) -> bool:
        return stamp in self._places

    def _note(self, stamp: Stamp) -> None:
        """Remember that the next line is about it."""
        self._places[stamp] = self._last[stamp.student, stamp.assignment] = self._end

    def append(
        self, stamp: Stamp, report: Report | Mapping[str, Any], trace: str | None = None
    ) -> None:
        """Write one line, whole or not at all.

        Raises:
            UsageError: the disk is full, or whatever else the system has to say
        """
        line = _text({"stamp": asdict(stamp), "trace": trace, "report": report}).encode() + b"\n"
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError as error:
            os.ftruncate(self._descriptor, self._end)
            raise cannot_write(str(self._path), error) from error
        self._note(stamp)
        self._end += len(line)

    def reports(self, stamps: Iterable[Stamp]) -> Iterator[dict[str, Any]]:
        """Read the reports of these stamps back, one at a time; unknown ones are left out.

        Where only an older state of a submission was graded, that report says so.
        """
        with self._path.open("rb") as file:
            for stamp in stamps:
                last = self._last.get((stamp.student, stamp.assignment))
                place = self._places.get(stamp, last)
                if place is None:
                    continue
                file.seek(place)
                report = json.loads(file.readline())["report"]
                yield (
                    report if stamp in self._places else report | {"notes": [*report["notes"], OLD]}
                )


def _stamp(line: bytes) -> Stamp | None:
    """The stamp of a line that counts. An ungraded submission is tried again by the next run."""
    try:
        fields = json.loads(line)
        return None if fields["report"]["status"] == "ungraded" else Stamp(**fields["stamp"])
    except (ValueError, KeyError, TypeError):
        return None


def _text(fields: dict[str, Any]) -> str:
    """Standard JSON in one line: NaN and infinity, which it does not know, become null."""
    try:
        return json.dumps(fields, default=vars, allow_nan=False)
    except ValueError:
        plain = json.dumps(fields, default=vars)
        return json.dumps(json.loads(plain, parse_constant=lambda _: None), allow_nan=False)


@contextmanager
def journal_in(folder: Path, fresh: bool = False) -> Iterator[Journal]:
    """Open the journal of an output folder; nobody else can until the block ends.

    Raises:
        UsageError: the folder cannot be written, or another run is at work in it
    """
    path = folder / NAME
    try:
        make_folder(folder)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise cannot_write(str(path), error) from error
    try:
        _lock(descriptor, folder)
        if fresh:
            os.ftruncate(descriptor, 0)
        yield Journal(path, descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    if sys.platform == "win32":
        return
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise UsageError(
                    f"another run is writing into {folder}; wait for its end, or choose another "
                    f"folder with --out"
                ) from None
        time.sleep(0.05)
