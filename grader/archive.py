"""Unpack a zip that a student made. Everything in it is hostile: names, sizes, kinds of entry."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
import zipfile
import zlib
from pathlib import Path, PurePosixPath

MAX_MEMBERS = 20_000
MAX_TOTAL_BYTES = 1 << 30
MAX_MEMBER_BYTES = 100 << 20
MAX_RATIO = 200  # deflate reaches 1000 on zeros; notebooks full of text stay below 20
SMALL_BYTES = 1 << 20  # below which the ratio does not matter

_KEEP = (".ipynb", ".py", ".zip")
_KEEP_TOO = ("timestamp.txt", "submission_metadata.yml")  # which say when, and who


class ArchiveError(ValueError):
    """The zip cannot be used. The message is for the person who handed it in."""


def unpack(file: Path, scratch: Path) -> Path:
    """Unpack what may be a submission into a new folder of scratch, and return that folder.

    Raises:
        ArchiveError: it is damaged, too large, encrypted, or has an entry that leads elsewhere
    """
    folder = Path(tempfile.mkdtemp(dir=scratch))
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            _check(members)
            for member in members:
                _extract(archive, member, folder)
    except ArchiveError:
        raise
    except RuntimeError:  # how zipfile says that a password is needed
        raise ArchiveError("The zip is encrypted. Hand in the notebook itself.") from None
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError):
        raise ArchiveError("The zip is damaged. Pack it again, or hand in the notebook.") from None
    return folder.resolve()


def _check(members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or total > MAX_TOTAL_BYTES:
        raise ArchiveError(
            f"The zip holds {len(members)} files of {total / 1e6:.0f} MB together; up to "
            f"{MAX_MEMBERS} and {MAX_TOTAL_BYTES / 1e6:.0f} MB are accepted. Hand in the notebook."
        )
    for member in members:
        if problem := _problem(member):
            raise ArchiveError(
                f"The zip holds an entry that {problem}: {member.filename[:80]!r}. Pack it again."
            )


def _problem(member: zipfile.ZipInfo) -> str:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        return "leads out of its folder"
    if stat.S_ISLNK(member.external_attr >> 16):
        return "is a symbolic link"
    if member.file_size > max(SMALL_BYTES, MAX_RATIO * member.compress_size):
        return "unpacks to more than is believable"
    if member.file_size > MAX_MEMBER_BYTES:
        return "is too large"
    return ""


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    target = folder.joinpath(*path.parts)
    if member.is_dir():
        target.mkdir(parents=True, exist_ok=True)
    elif (path.suffix in _KEEP or path.name in _KEEP_TOO) and "__MACOSX" not in path.parts:
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(member) as source, target.open("xb") as copy:
            shutil.copyfileobj(source, copy)  # reads no more than file_size, and checks the CRC
        _keep_time(target, member)


def _keep_time(target: Path, member: zipfile.ZipInfo) -> None:
    """Give the copy the time in the zip, so that the newest of several can be told."""
    try:
        seconds = time.mktime((*member.date_time, 0, 0, -1))
    except (OverflowError, ValueError):
        return
    os.utime(target, (seconds, seconds))
