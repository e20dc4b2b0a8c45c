"""check(): what a student asks about the work in front of them, in the kernel or in a script.

Finds out which exercise is meant and where it is described, has it played as it stands and judged
by the public cases, and gives back an object that displays itself. A mistake of the student, in
the work or in the call, is an answer and not an exception.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from grader import asked, handout, history, kernel, published, shrink
from grader.compare import wrong_entries
from grader.diagnose import diagnose
from grader.errors import AuthorError, GraderError, MissingLibrary
from grader.exercise import Exercise
from grader.handout import Handout
from grader.judge import judge
from grader.key import ExerciseKey
from grader.kinds import KINDS
from grader.report.arrays import Picture
from grader.report.output import Checked, Looked
from grader.result import Finding, Reply, Returned, Status, Verdict
from grader.training import blame

MAX_PICTURES = 3
NOT_RUN = "it is not defined in this kernel; run its cell first, or was its name changed?"

Names = Mapping[str, Any]

history.listen()


def check(target: Any = asked.ALL) -> Checked:
    """Check one exercise, or all of this notebook.

    check(Affine)    the class or function itself
    check("Affine")  or its name
    check()          every exercise of the assignment, with the points so far

    What you defined is called with arrays drawn for the purpose, and each array it gives is
    compared with finite differences of the forward that was handed out. Nothing of yours is
    changed, and nothing is handed in.
    """
    caller = sys._getframe(1)
    names = {**caller.f_globals, **caller.f_locals}
    try:
        return _checked(target, names)
    except (GraderError, asked.Unclear) as error:
        return Checked("check", problem=str(error))
    except KeyboardInterrupt:
        return Checked("check", problem="interrupted before there was anything to show")


def _checked(target: Any, names: Names) -> Checked:
    pages = asked.in_order(_handouts(), names)
    if target is asked.ALL:
        looked = tuple(_looked(pages[0], name, names) for name in pages[0].names)
        return Checked(pages[0].title, _with_blame(pages[0], looked, names), is_all=True)
    page, (name, thing, notes) = asked.exercise(target, pages, names)
    names = names if thing is None else {**names, name: thing}
    (found,) = _with_blame(page, (_looked(page, name, names),), names)
    verdict = replace(found.verdict, notes=(*notes, *found.verdict.notes))
    return Checked(name, (replace(found, verdict=verdict),))


def _handouts() -> Iterator[Handout]:
    """That of this folder, and the bundled ones."""
    for folder in (Path.cwd(), *handout.bundled().values()):
        if found := handout.find(folder):
            yield found


def _looked(page: Handout, name: str, names: Names) -> Looked:
    try:
        key = published.exercise_key(page, name)
    except AuthorError as error:
        return Looked(_ungraded(page, name, str(error)))
    if library := _missing(page[name]):
        return Looked(_ungraded(page, name, str(MissingLibrary(name, library))))
    reply = kernel.play(names, key.request)
    verdict = _verdict(key, reply, names)
    notes = (*verdict.notes, *_short(key, reply), *history.notes(name))
    verdict = replace(verdict, notes=notes)
    pictures = tuple(_pictures(key, reply, verdict))[:MAX_PICTURES]
    return Looked(verdict, pictures, kernel.home_of(names.get(name)))


def _with_blame(page: Handout, looked: tuple[Looked, ...], names: Names) -> tuple[Looked, ...]:
    """Have a training run that went wrong say which of the exercises it rests on are to blame."""
    known = {one.verdict.name: one.verdict for one in looked}
    if not any(page[name].kind == "training" and not _is_right(known[name]) for name in known):
        return looked
    exercises = [one for one in page.exercises if one.name in known or one.kind != "training"]
    verdicts = [known.get(one.name) or _looked(page, one.name, names).verdict for one in exercises]
    blamed = {one.name: one for one in blame(exercises, verdicts)}
    return tuple(replace(one, verdict=blamed[one.verdict.name]) for one in looked)


def _is_right(verdict: Verdict) -> bool:
    return verdict.status == Status.CORRECT


def _missing(exercise: Exercise) -> str | None:
    """The library without which an exercise cannot be played, if it is not installed."""
    flavour = KINDS[exercise.kind].flavour
    if flavour == "numpy":
        return None
    try:
        import_module(flavour)
    except ModuleNotFoundError:
        return flavour
    return None


def _short(key: ExerciseKey, reply: Reply) -> Iterator[str]:
    """What a student should know of the training runs that came to their end."""
    names = [
        one.case.name
        for one, outcome in zip(key.cases, reply.outcomes, strict=False)
        if one.fresh is not None and isinstance(outcome, Returned)
    ]
    if names:
        yield f"trained in full in {' and '.join(names)}; the grade rests on other such runs"


def _ungraded(page: Handout, name: str, reason: str) -> Verdict:
    """Our fault, or the course's; never the student's."""
    finding = Finding("", "not graded", reason, "")
    points = page[name].max_score
    return Verdict(name, Status.UNGRADED, 0, points, findings=(finding,))


def _verdict(key: ExerciseKey, reply: Reply, names: Names) -> Verdict:
    """The judge's verdict, in words for somebody who can still go on."""
    verdict = diagnose(key, reply, judge(key, reply))
    again = shrink.bounded(partial(kernel.play, names, is_limited=True))
    verdict = shrink.with_small_graphs(key, verdict, again)
    findings = tuple(
        replace(one, detail=NOT_RUN) if one.problem == "not defined" else one
        for one in verdict.findings
    )
    return replace(verdict, findings=findings)


def _pictures(key: ExerciseKey, reply: Reply, verdict: Verdict) -> Iterator[Picture]:
    """Each wrong array, in the first case where it is wrong."""
    if key.exercise.kind in ("training", *shrink.KINDS):
        return  # hundreds of parameters in a row are no picture, nor are leaves of a graph
    answers = [one for one in reply.outcomes if isinstance(one, Returned)]
    wrong = {one.array: one.case for one in verdict.findings}
    for case, answer in zip(key.cases, answers, strict=False):
        for name, expected in case.expected.items():
            if wrong.get(name) != case.case.name or name not in answer.arrays:
                continue
            got = answer.arrays[name]
            same = got.shape == expected.array.shape
            marks = wrong_entries(expected, got) if same else None
            yield Picture(name, case.case.name, got, expected.array, marks)
