"""One notebook judged by the public cases: `grader check`, what a student runs in a shell.

Its cells run behind the walls of the sandbox where there are any. Elsewhere, on Windows, macOS and
old Linux, they run in this process: it is one's own code on one's own machine.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import handout, kernel, pipeline
from grader.errors import UsageError
from grader.exercise import Request
from grader.handout import Handout
from grader.kinds import KINDS
from grader.published import public_key
from grader.result import Raised, Reply, Report, Undefined
from grader.submission import Submission, find

OPEN = "none"


def check_notebook(path: Path) -> tuple[Report, str]:
    """Judge a notebook, or a script in cells; also say in which isolation it ran.

    An assignment that is not of the bundled course is known by the exercises.json beside the
    notebook.

    Raises:
        UsageError: there is no notebook at this path
        AuthorError, SandboxError: as in grader.errors
    """
    course = _course(path.parent)
    submission = _submission(path, course)
    if submission.rejected:
        return pipeline.rejected(submission, None).report, OPEN
    key = public_key(course[submission.assignment])
    with _place() as (place, isolation):
        graded = pipeline.grade(submission, key, place)
    return replace(graded.report, student=path.name, path=str(path)), isolation


def _course(folder: Path) -> dict[str, Handout]:
    """By slug; the bundled ones first, because they were installed and not just found there."""
    places = [*handout.bundled().values(), folder]
    found = [page for place in places if (page := handout.find(place))]
    return {page.slug: page for page in reversed(found)}


def _submission(path: Path, course: dict[str, Handout]) -> Submission:
    known = {slug: page.names for slug, page in course.items()}
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a notebook in it, or use grader run")
    with TemporaryDirectory(prefix="grader-") as scratch:
        found = find([path], known, Path(scratch))
    if not found:
        raise UsageError(f"{path} is no notebook")
    return found[0]


@contextmanager
def _place() -> Iterator[tuple[pipeline.Sandbox, str]]:
    """Where the cells run, and the name of that isolation."""
    if sys.platform == "linux":
        from grader.sandbox import host

        if not host.missing_walls():
            with host.sandbox() as box:
                yield box, box.isolation
            return
    yield Here(), OPEN


class Here:
    """Cells in this very process. An endless loop ends when it is interrupted."""

    def play(
        self, cells: Sequence[tuple[str, str]], requests: Sequence[Request]
    ) -> Iterator[Reply]:
        """As grader.sandbox.host.Sandbox.play."""
        from grader.sandbox.cells import load, read

        main = sys.modules["__main__"]
        notebook = read(cells)
        for label, lines in notebook.sources.items():
            linecache.cache[label] = (0, None, [f"{line}\n" for line in lines], label)
        try:
            for request in requests:
                loaded = load(notebook, request.exercise, KINDS[request.kind].needs)
                told = loaded.failures.get(request.exercise)
                reply = kernel.play(loaded.names, request)
                if told and reply.outcomes[0] == Undefined():
                    reply = Reply((Raised(**told),))
                yield replace(reply, notes=loaded.notes)
        finally:
            sys.modules["__main__"] = main
