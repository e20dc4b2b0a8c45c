"""When was this handed in? Whoever knows best is asked first.

    timestamp.txt beside the notebook        nbgrader
    the name of the file                     Blackboard
    submission_metadata.yml above it         Gradescope
    the commit that is checked out           GitHub Classroom and its like
    the time of the file                     often that of the download

A repository may be hostile: its configuration, which can name programs to run, is never read. Git
looks at its objects alone, from an empty repository of ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import gradescope, lms

GIT_SECONDS = 20
MAX_BYTES = 4096

_TIME = re.compile(
    r"\s*(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.\d+)?\s*(UTC|Z|[+-]\d\d:?\d\d)?\s*"
)
_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def submitted(file: Path, shown: str, depth: int) -> tuple[str | None, str]:
    """The time in ISO 8601, and what told it.

    shown: the path as the platform made it, where the file lies elsewhere
    depth: how many folders above the file are the student's
    """
    folders = [*file.parents][: max(depth, 1)]
    told = lms.read(shown)
    sources: tuple[tuple[str, Callable[[], str | None]], ...] = (
        ("timestamp.txt", lambda: _stamped(folders)),
        (told.platform if told else "", lambda: told.submitted if told else None),
        ("Gradescope", lambda: gradescope.submitted(file)),
        ("git", lambda: _committed(folders[:depth])),
        ("file", lambda: _modified(file)),
    )
    for clock, ask in sources:
        if found := ask():
            return found, clock
    return None, ""


def iso(text: str) -> str | None:
    """A time as nbgrader and Gradescope write it; without a zone it is UTC."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    zone = (match[3] or "Z").replace("UTC", "Z")
    try:
        return datetime.fromisoformat(f"{match[1]}T{match[2]}{zone}").isoformat()
    except ValueError:
        return None


def _stamped(folders: Sequence[Path]) -> str | None:
    for folder in folders:
        path = folder / "timestamp.txt"
        if path.is_file() and not path.is_symlink():
            try:
                return iso(path.read_bytes()[:MAX_BYTES].decode("utf-8", "replace"))
            except OSError:
                return None
    return None


def _modified(file: Path) -> str | None:
    try:
        return datetime.fromtimestamp(file.stat().st_mtime, UTC).isoformat(timespec="seconds")
    except (OSError, OverflowError, ValueError):
        return None


def _committed(folders: Sequence[Path]) -> str | None:
    for folder in folders:
        if (folder / ".git").is_dir() and not (folder / ".git").is_symlink():
            return _time_of_head(folder / ".git")
    return None


@cache
def _time_of_head(repository: Path) -> str | None:
    program, head = shutil.which("git"), _head(repository)
    if not program or not head:
        return None
    with TemporaryDirectory(prefix="grader-git-") as ours:
        empty = Path(ours)
        (empty / "refs").mkdir()
        (empty / "objects/info").mkdir(parents=True)
        (empty / "HEAD").write_text("ref: refs/heads/main\n")
        (empty / "objects/info/alternates").write_text(f"{repository.resolve() / 'objects'}\n")
        command = [program, "--git-dir", ours, "log", "-1", "--no-show-signature", "--format=%cI"]
        settings = dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"), os.devnull)
        try:
            done = subprocess.run(
                [*command, head],
                env={"PATH": os.environ.get("PATH", ""), **settings},
                capture_output=True,
                text=True,
                timeout=GIT_SECONDS,
                check=True,
            )
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
            return None
        return done.stdout.strip() or None


def _head(repository: Path) -> str:
    """The commit that is checked out, read by hand."""
    try:
        head = _text(repository / "HEAD")
        name = head.removeprefix("ref: ")
        if name != head and ".." not in name:
            loose, packed = repository / name, repository / "packed-refs"
            lines = _text(packed, 1 << 20).split("\n") if packed.is_file() else []
            found = (line.split(" ")[0] for line in lines if line.endswith(f" {name}"))
            head = _text(loose) if loose.is_file() else next(found, "")
    except OSError:
        return ""
    return head if _SHA.fullmatch(head) else ""


def _text(path: Path, limit: int = MAX_BYTES) -> str:
    with path.open("rb") as file:
        return file.read(limit).decode("utf-8", "replace").strip()
