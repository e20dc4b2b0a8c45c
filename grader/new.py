"""The page of a new assignment: a skeleton with one exercise, which works as it stands.

Skeletons are pages like those in a folder of references, one for each kind of exercise.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.errors import UsageError
from grader.handout import bundled

SKELETONS = Path(__file__).parent / "skeletons"

# It becomes the name of files, of folders and of repositories such as week_3-ada.
_SLUG = re.compile(r"[a-z][a-z0-9_]{0,39}")


def kinds() -> list[str]:
    """The kinds of exercise that there is a skeleton for."""
    return sorted(path.stem for path in SKELETONS.glob("*.py"))


def new(slug: str, kind: str, pages: Path) -> Path:
    """Write the skeleton as pages/slug.py and return its path; pages is made if need be.

    Work that is there already is never overwritten.

    Raises:
        UsageError: the slug or the kind will not do, the place is taken or cannot be written
    """
    _check_slug(slug)
    if kind not in kinds():
        raise UsageError(f"no skeleton of kind {kind}; there are: {', '.join(kinds())}")
    page = pages / f"{slug}.py"
    built = pages.parent / "assignments" / slug
    if built.exists():
        raise UsageError(
            f"{built} is there already, from an assignment of that name; choose another"
        )
    try:
        pages.mkdir(parents=True, exist_ok=True)
        with page.open("x", encoding="utf-8") as file:
            file.write((SKELETONS / f"{kind}.py").read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise UsageError(f"{error.filename} is there already and is left as it is") from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write {page}: {reason}") from error
    return page


def _check_slug(slug: str) -> None:
    if not _SLUG.fullmatch(slug):
        raise UsageError(
            f"{slug!r} is no name for an assignment. Begin with a small letter and go on with "
            f"small letters, digits and _, at most 40 in all: attention, week_3"
        )
    if slug in bundled():
        raise UsageError(
            f"the bundled course has an assignment {slug}, and students' machines would take that "
            f"for yours; choose another name"
        )
