"""Grade the one submission of a folder with a key that lies beside, as Gradescope has it done.

    python -m grader.autograde KEY_FOLDER SUBMISSION_FOLDER RESULTS.json [ISOLATION]

Needs no reference. Whatever fails is told in the results, without a score: a person must look.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import store
from grader.course import Course
from grader.errors import GraderError
from grader.export import gradescope
from grader.key import Key
from grader.pipeline import Graded, grade, rejected, ungraded
from grader.results import write_one
from grader.sandbox.host import LOCKED, sandbox
from grader.settle import settle
from grader.submission import Submission, find

KEY = "key.npz"
NOTHING = "There is no notebook among the files. Hand in the .ipynb file."


def main(words: Sequence[str]) -> None:
    """Grade, and write the results."""
    folder, handed_in, results = map(Path, words[:3])
    key = store.read(folder / KEY)
    with TemporaryDirectory(prefix="grader-") as scratch:
        one = _chosen(handed_in, key, Path(scratch))
        graded = rejected(one, key) if one.rejected else _graded(one, key, folder, words[3:])
    write_one(results, gradescope.of(settle(asdict(graded.report), Course())))


def _chosen(handed_in: Path, key: Key, scratch: Path) -> Submission:
    """The newest notebook of this assignment, else what there is, with what is wrong with it."""
    names = {key.assignment: [one.exercise.name for one in key.exercises]}
    found = find([handed_in], names, scratch)
    if not found:
        return Submission("", "", handed_in, key.assignment, 0.0, rejected=NOTHING)
    newest = max(found, key=lambda one: (one.rejected is None, one.modified, one.path))
    others = ", ".join(one.path for one in found if one is not newest)
    note = (f"this is {newest.path}, not looked at: {others}",) if others else ()
    return replace(newest, notes=(*newest.notes, *note))


def _graded(one: Submission, key: Key, private: Path, isolation: Sequence[str]) -> Graded:
    try:
        with sandbox(isolation[0] if isolation else LOCKED, (private,)) as box:
            box.self_test()
            return grade(one, key, box)
    except GraderError as error:
        return ungraded(one, key, f"The grader failed, not the submission: {error}", None)


if __name__ == "__main__":
    main(sys.argv[1:])
