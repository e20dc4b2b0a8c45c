"""What was handed in: find it, whatever the layout, and say whose it is and which assignment.

Names of files and folders tell the student; what the notebook itself says, and what it defines,
tell the assignment: several have a ReLU, and then the place decides. A file that cannot be graded
becomes a Submission with a reason: looking never fails because of a student. Nothing here parses
or runs student code.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader import lms
from grader.clock import submitted
from grader.errors import UsageError
from grader.folder import FIRST, Found, search, students
from grader.notebook import Notebook, NotebookError, read

Known = Mapping[str, Collection[str]]  # the names of the exercises, by assignment

_DIGITS = 20  # more than the number of an attempt has
_DEFINED = re.compile(r"^(?:class|def)\s+([^\W\d]\w*)", re.MULTILINE)


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one assignment.

    path: as people know it, within what was asked for
    file: where it can be read; lies elsewhere when it came in a zip
    assignment: where rejected, at most a guess from the folder's name; empty when unknown
    modified: seconds since the epoch
    digest: of the bytes, empty where they could not be read
    rejected: why it cannot be graded and what to do, None where it can
    submitted, clock: when, as in Report
    """

    student: str
    path: str
    file: Path
    assignment: str
    modified: float
    digest: str = ""
    rejected: str | None = None
    notes: tuple[str, ...] = ()
    submitted: str | None = None
    clock: str = ""


def find(paths: Iterable[Path], known: Known, scratch: Path) -> list[Submission]:
    """Find what was handed in under the paths, one per student and assignment, in order of these.

    scratch: an empty folder for what is unpacked; it must live as long as the submissions

    Raises:
        UsageError: a path does not exist
    """
    chosen: dict[tuple[str, str], list[Submission]] = {}
    roots = list(paths)
    for root in roots:
        if not root.exists() and not root.is_symlink():
            raise UsageError(_does_not_exist(root))
        for found in search(root, scratch, known):
            shown = f"{root}/{found.shown}" if len(roots) > 1 else found.shown
            for one in _look(replace(found, shown=shown), known):
                chosen.setdefault((one.student, one.assignment), []).append(one)
    several = [one for group in chosen.values() for one in _apart(group)]
    return sorted(map(_newest, several), key=lambda one: (one.student, one.assignment))


def _apart(group: list[Submission]) -> list[list[Submission]]:
    """Two people of one name, whom the platform tells apart by their numbers."""
    people: dict[str, list[Submission]] = {}
    for one in group:
        told = lms.read(one.path)
        people.setdefault(told.identity if told else "", []).append(one)
    if len(people) == 1:
        return [group]
    return [
        [
            replace(one, student=f"{one.student} ({number})" if number else one.student)
            for one in mine
        ]
        for number, mine in people.items()
    ]


def _does_not_exist(path: Path) -> str:
    folder = path.parent
    while not folder.is_dir():
        folder = folder.parent
    names = sorted(one.name for one in folder.iterdir() if not one.name.startswith("."))
    wanted = path.relative_to(folder).parts[0]
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.5)
    if close:
        return f"{path} does not exist; did you mean {' or '.join(str(folder / n) for n in close)}?"
    there = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")  # noqa: PLR2004
    return f"{path} does not exist; in {folder} there is {there or 'nothing'}"


def _look(found: Found, known: Known) -> Iterator[Submission]:
    """Read the file: one for each of its students; none for a script that is no submission."""
    if one := _one(found, known):
        yield from (replace(one, student=student) for student in students(found, known))


def _one(found: Found, known: Known) -> Submission | None:
    when, clock = submitted(found.file, found.shown, found.depth)
    one = Submission(
        *("", found.shown, found.file, _guess(found, known), _seconds(when, found.modified)),
        submitted=when,
        clock=clock,
        notes=_told_late(found.shown),
    )
    if found.problem:
        return replace(one, rejected=found.problem)
    try:
        digest = digest_of(found.file)
        cells = read(found.file)
    except NotebookError as error:
        return replace(one, digest=digest, rejected=str(error))
    except OSError as error:
        return replace(one, rejected=_unreadable(error))
    named = _assignment(cells, found, known)
    one = replace(one, digest=digest, assignment=named or next(_places(found, known), ""))
    if named in known:
        return one
    if found.file.suffix == ".py" and not found.asked_for and not any(_places(found, known)):
        return None
    return replace(one, rejected=_unknown(named, known))


def _seconds(when: str | None, otherwise: float) -> float:
    """A time without a zone is compared with its like alone, so UTC will do."""
    if not when:
        return otherwise
    time = datetime.fromisoformat(when)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _told_late(path: str) -> tuple[str, ...]:
    told = lms.read(path)
    late = f"{told.platform} says that this is late, and not by how much" if told else ""
    return (late,) if told and told.is_late else ()


def digest_of(file: Path) -> str:
    """The sha256 of the bytes, read piece by piece."""
    with file.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _unreadable(error: OSError) -> str:
    return (
        f"The file cannot be read ({(error.strerror or 'input error').lower()}). "
        f"Check its permissions, or fetch it again."
    )


def _unknown(named: str, known: Known) -> str:
    choice = ", ".join(sorted(known)) or "none"
    if named:
        return (
            f"The notebook says that it belongs to the assignment {named[:60]!r}; there are: "
            f"{choice}. Hand in the notebook of this assignment."
        )
    return (
        f"The file defines no exercise of any assignment ({choice}). Was the right file handed "
        f"in, and do the exercises still have their names?"
    )


def _assignment(cells: Notebook, found: Found, known: Known) -> str:
    """What the metadata say, else an assignment of which something is defined: the one that the
    place names, else the one with most names, of two with as many the smaller. Else empty."""
    about = cells.metadata.get("grader")
    named = about.get("assignment") if isinstance(about, dict) else None
    if isinstance(named, str) and named:
        return named
    code = "\n".join(cell.source for cell in cells.cells if cell.kind == "code")
    defined = set(_DEFINED.findall(code))
    overlap = {slug: len(defined.intersection(names)) for slug, names in known.items()}
    begun = [slug for slug in known if overlap[slug]]
    best = max(begun, key=lambda slug: (overlap[slug], -len(known[slug])), default="")
    return next((slug for slug in _places(found, known) if slug in begun), best)


def _places(found: Found, known: Known) -> Iterator[str]:
    """The assignments that file and folders name, the nearest first. The folder that was asked
    for must bear the very name: others may hold any assignment, as engine-course does."""
    yield from _mentioned([found.file.stem, *reversed(found.folders[FIRST:])], known)
    yield from (slug for slug in known if slug == found.folders[FIRST - 1])


def _guess(found: Found, known: Known) -> str:
    """For a file that cannot be read: the assignment its place hints at. Never used to grade."""
    return next(_mentioned([found.file.stem, *reversed(found.folders)], known), "")


def _mentioned(words: Iterable[str], known: Known) -> Iterator[str]:
    slugs = sorted(known, key=len, reverse=True)
    return (slug for word in words for slug in slugs if _mentions(word, slug))


def _mentions(word: str, slug: str) -> bool:
    return re.search(rf"(?:^|[-_ ]){re.escape(slug)}(?:$|[-_ ])", word) is not None


def _newest(several: list[Submission]) -> Submission:
    """The newest that can be graded, with a note about the others."""
    newest = max(several, key=lambda one: (one.rejected is None, one.modified, _in_order(one)))
    others = sorted(one.path for one in several if one is not newest)
    if not others:
        return newest
    note = f"more than one was handed in: this is {newest.path}, not looked at: {', '.join(others)}"
    return replace(newest, notes=(*newest.notes, note))


def _in_order(one: Submission) -> list[str]:
    """Of files of one time, x-10 is newer than x-9."""
    return [word.zfill(_DIGITS) for word in re.findall(r"\d+|\D+", one.path)]


def older(submissions: Iterable[Submission]) -> Iterator[str]:
    """Say, per student, what was left aside because something newer is there."""
    for one in submissions:
        yield from (f"{one.student}: {note}" for note in one.notes)
