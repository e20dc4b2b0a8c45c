"""Where submissions lie: the walk through folders and zips, and what a path says about a student.

    <student>/<assignment>/<anything>.ipynb          nbgrader
    <student>.ipynb, <student>_<anything>.ipynb      a download from Canvas and its like
    <name>_<number>_assignsubmission_file_/...       a download from Moodle
    <assignment>-<student>/, <classroom>-<assignment>-<student>/     checkouts of repositories

Links are never followed out of the folder, and never into another one.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader import gradescope, lms
from grader.archive import ArchiveError, unpack

SUFFIXES = (".ipynb", ".py", ".zip")
SKIPPED = ("__MACOSX", "__pycache__", "graded", "feedback", "node_modules")
MAX_DEPTH = 12
FIRST = 2  # place of the first folder within what was asked for, in Found.folders
HEAD_BYTES = 1 << 20  # in which a script must show its first cell marker

_PERCENT = re.compile(rb"^#\s?%%", re.MULTILINE)

BROKEN = "The link leads nowhere. Hand in the notebook itself."
LEAVES = "The link leads out of the folder of submissions. Hand in the notebook itself."
LINKED = "This is a link to a folder. Hand in the notebook itself."
NO_FILE = "This is no file. Hand in the notebook itself."
EMPTY = "There is no notebook in this folder. Hand in the .ipynb file."


@dataclass(frozen=True)
class Found:
    """A file that may be a submission.

    folders: the names from what was asked for, and the one above it, down to the file
    problem: why it cannot be one
    asked_for: it was named on the command line
    """

    file: Path
    shown: str
    folders: tuple[str, ...]
    modified: float = 0.0
    problem: str | None = None
    asked_for: bool = False

    @property
    def depth(self) -> int:
        """How many folders below what was asked for."""
        return len(self.folders) - FIRST


@dataclass(frozen=True)
class _Walk:
    """The way to a folder; top is where links must not lead out of."""

    top: Path
    scratch: Path
    slugs: Collection[str]
    folders: tuple[str, ...]
    shown: str = ""
    zips: int = 0

    def into(self, name: str, shown: str | None = None) -> _Walk:
        return replace(self, folders=(*self.folders, name), shown=f"{self.shown}{shown or name}/")

    @property
    def depth(self) -> int:
        return len(self.folders) - FIRST


def search(path: Path, scratch: Path, slugs: Collection[str]) -> Iterator[Found]:
    """Yield every notebook, script with cells, and failed attempt to hand one in."""
    here = path.absolute()
    folder = here if here.is_dir() else here.parent
    walk = _Walk(folder.resolve(), scratch, slugs, (folder.parent.name, folder.name))
    if here.is_dir():
        yield from _folder(here, walk)
    else:
        for found in _file(here, walk, asked_for=True):
            yield replace(found, asked_for=True)


def _folder(folder: Path, walk: _Walk) -> Iterator[Found]:
    try:
        children = sorted(folder.iterdir())
    except OSError:
        reason = "The folder cannot be read. Check its permissions."
        yield Found(folder, walk.shown.rstrip("/"), walk.folders, problem=reason)
        return
    children = [one for one in children if not one.name.startswith(".")]
    is_flat = any(one.suffix in (".ipynb", ".zip") for one in children)
    for child in children:
        if child.is_symlink():
            yield from _link(child, walk)
        elif child.is_dir():
            yield from _subfolder(child, walk, is_flat)
        elif child.suffix in SUFFIXES:
            yield from _file(child, walk)


def _subfolder(child: Path, walk: _Walk, is_flat: bool) -> Iterator[Found]:
    if child.name in SKIPPED or walk.depth >= MAX_DEPTH:
        return
    below = walk.into(child.name)
    empty = True
    for found in _folder(child, below):
        empty = False
        yield found
    is_students = (walk.depth == 0 and not is_flat) or _speaks_of(child.name, walk.slugs)
    if empty and is_students:
        yield Found(child, below.shown.rstrip("/"), below.folders, _modified(child), EMPTY)


def _link(link: Path, walk: _Walk) -> Iterator[Found]:
    """A link counts where it stands in for a notebook or for a student's folder."""
    if link.suffix not in SUFFIXES and walk.depth > 0:
        return
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        problem = BROKEN
    else:
        inside = target.is_relative_to(walk.top)
        problem = (LINKED if target.is_dir() else "") if inside else LEAVES
    if problem:
        yield Found(link, walk.shown + link.name, walk.folders, _modified(link), problem)
    else:
        yield from _file(link, walk)


def _file(file: Path, walk: _Walk, asked_for: bool = False) -> Iterator[Found]:
    if not file.is_file():  # a pipe or a device would never end
        yield Found(file, walk.shown + file.name, walk.folders, problem=NO_FILE)
    elif file.suffix == ".zip":
        yield from _zip(file, walk, asked_for)
    elif asked_for or file.suffix == ".ipynb" or _has_cells(file):
        yield Found(file, walk.shown + file.name, walk.folders, _modified(file))


def _zip(file: Path, walk: _Walk, asked_for: bool) -> Iterator[Found]:
    """Go on in the unpacked files as if the zip were a folder of its name."""
    found = Found(file, walk.shown + file.name, walk.folders, _modified(file))
    if walk.zips > 1:
        yield replace(found, problem="A zip in a zip in a zip. Hand in the notebook itself.")
        return
    try:
        inside = unpack(file, walk.scratch)
    except ArchiveError as error:
        yield replace(found, problem=str(error))
        return
    below = replace(walk.into(_first_word(file.stem), file.name), top=inside, zips=walk.zips + 1)
    if asked_for:
        below = replace(below, folders=(walk.folders[-1], file.stem))
        inside, below = _into_only_folder(inside, below)
    empty = True
    for one in _folder(inside, below):
        empty = False
        yield one
    if empty:
        yield replace(found, problem="There is no notebook in this zip. Hand in the .ipynb file.")


def _into_only_folder(inside: Path, walk: _Walk) -> tuple[Path, _Walk]:
    """Many a zip of a folder holds that folder and nothing else."""
    children = list(inside.iterdir())
    if len(children) != 1 or not children[0].is_dir():
        return inside, walk
    below = replace(walk.into(children[0].name), folders=(walk.folders[-1], children[0].name))
    return children[0], below


def _has_cells(script: Path) -> bool:
    try:
        with script.open("rb") as stream:
            return _PERCENT.search(stream.read(HEAD_BYTES)) is not None
    except OSError:
        return False


def _modified(path: Path) -> float:
    try:
        status = path.lstat() if not path.exists() else path.stat()
    except OSError:
        return 0.0
    return status.st_mtime if not stat.S_ISLNK(status.st_mode) else 0.0


def students(found: Found, slugs: Collection[str]) -> tuple[str, ...]:
    """Whose file is it? Several, where a group handed in together."""
    told = gradescope.entry(found.file)
    if told and told.students:
        return told.students
    named = lms.read(found.shown)
    return (named.student if named else _student(found, slugs),)


def _student(found: Found, slugs: Collection[str]) -> str:
    """Names of assignments in the path show where to look."""
    chain, stem = found.folders, found.file.stem
    for name in reversed(chain[1:]):
        if owner := _owner(name, slugs):
            return owner
    for place in range(len(chain) - 1, 0, -1):
        if chain[place] in slugs:  # <student>/<assignment>/, unless that is where we began
            below = (*chain[place + 1 :], _owner_of_file(stem, slugs))
            return chain[place - 1] if place > FIRST or not below[0] else below[0]
    if len(chain) > FIRST:
        return chain[FIRST]
    return _owner_of_file(stem, slugs) or chain[-1]


def _owner(folder: str, slugs: Collection[str]) -> str:
    """The student in the name of a checkout, or nothing."""
    for slug in sorted(slugs, key=len, reverse=True):
        match = re.match(rf"(?:.+-)?{re.escape(slug)}-(.+)", folder)
        if match and match[1] != "submissions":
            return match[1]
    return ""


def _owner_of_file(stem: str, slugs: Collection[str]) -> str:
    """The student in the name of a file; nothing where that is the assignment's."""
    return "" if stem in slugs else _first_word(stem)


def _first_word(stem: str) -> str:
    return stem.split("_", maxsplit=1)[0] or stem


def _speaks_of(folder: str, slugs: Collection[str]) -> bool:
    return folder in slugs or bool(_owner(folder, slugs))
