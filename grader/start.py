"""A fresh copy of an assignment of the bundled course, to work in."""

from __future__ import annotations

import difflib
import shutil
from pathlib import Path

from grader.errors import UsageError
from grader.handout import bundled


def start(slug: str, folder: Path) -> Path:
    """Copy the assignment into folder/slug and return the path of its notebook.

    Work that is there already is never overwritten.

    Raises:
        UsageError: there is no such assignment, or the place is taken
    """
    course = bundled()
    if slug not in course:
        close = difflib.get_close_matches(slug, course, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise UsageError(f"no assignment {slug}; {hint}There are: {', '.join(course)}")
    target = folder / slug
    if target.exists():
        raise UsageError(
            f"{target} is there already and is left as it is. For a fresh copy rename it first, "
            f"or start in another folder."
        )
    try:
        shutil.copytree(course[slug], target, ignore=shutil.ignore_patterns(".*"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write {target}: {reason}") from error
    return target / f"{slug}.ipynb"
