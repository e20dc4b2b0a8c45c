"""A whole run: find what was handed in, grade what is new, write what people read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from grader import __version__
from grader.assignment import exercise_names, load
from grader.assignment import find as find_pages
from grader.batch import Batch, processes
from grader.course import find as find_course
from grader.diagnose import HINT_LEVEL
from grader.errors import SandboxError, UsageError
from grader.journal import Journal, Stamp, journal_in
from grader.key import Key
from grader.oracle import reference_key
from grader.pipeline import Graded, grade, rejected, ungraded
from grader.publish import publish
from grader.regrade import EVERYTHING, Only, merged
from grader.result import Report
from grader.sandbox.host import Sandbox, sandbox
from grader.store import folder as keys_folder
from grader.store import is_kept, kept
from grader.submission import Submission, find, older
from grader.summary import Summary
from grader.suspects import with_suspects

AHEAD = 4  # submissions under way per worker: enough that none waits, few enough to stay small
LOST = "The grading process was lost twice with this submission. A person must look."

Watch = Callable[[Iterator["Done"], int], Iterable["Done"]]


@dataclass(frozen=True)
class Order:
    """What was asked for."""

    paths: Sequence[Path]
    out: Path
    reference: Path
    secret: str
    workers: int
    isolation: str
    fresh: bool = False
    hints: int = HINT_LEVEL
    course: Path | None = None
    only: Only = EVERYTHING


@dataclass(frozen=True)
class Job:
    """exercises: what is graded of it; all, where empty"""

    submission: Submission
    exercises: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    stamp: Stamp
    graded: Graded
    exercises: tuple[str, ...] = ()


def run(order: Order, watch: Watch, say: Callable[[str], None]) -> Summary:
    """Do it. Killed at any moment, the next run goes on where this one was.

    watch: is given the results as they come and how many there will be, and passes them on
    say: is told what the person at the terminal should know

    Raises:
        UsageError, AuthorError, SandboxError: as in grader.errors; what was graded is kept
    """
    pages = {slug: order.reference / f"{slug}.py" for slug in find_pages(order.reference)}
    known = {slug: exercise_names(page) for slug, page in pages.items()}
    rules = find_course(order.course, [path for path in order.paths if path.is_dir()])
    with TemporaryDirectory(prefix="grader-") as scratch:
        submissions = find(order.paths, known, Path(scratch))
        if not submissions:
            raise UsageError(f"no notebook in {', '.join(map(str, order.paths))}")
        order.only.check(submissions, known)
        for note in older(submissions):
            say(note)
        wanted = {one.assignment for one in submissions} & pages.keys()
        keys = _keys({slug: pages[slug] for slug in sorted(wanted)}, order, say)
        with journal_in(order.out, order.fresh) as journal:
            stamps = _grade(_Desk(keys, order), submissions, journal, watch)
            reports = _with_times(journal, stamps, submissions)
            return publish(order.out, reports, rules, (__version__, order.isolation), say)


def _keys(pages: Mapping[str, Path], order: Order, say: Callable[[str], None]) -> Mapping[str, Key]:
    """The keys of all pages; those that are not kept are made first, several at a time."""
    new = [slug for slug, path in pages.items() if not is_kept(slug, _made_from(path, order))]
    if new:
        say(f"making the answer keys of {', '.join(new)}; they are kept for the next run")
    if len(new) > 1:
        jobs = [(pages[slug], order) for slug in new]
        jobs.sort(key=lambda job: job[0].stat().st_size, reverse=True)
        pool = processes(min(order.workers, len(new)), _ready)
        for _ in Batch(pool, _make, _left_to_the_run, len(new)).run(jobs):
            pass
    return {slug: _key(path, order) for slug, path in pages.items()}


def _ready(_stack: ExitStack) -> None:
    """Nothing is needed at hand to make a key."""


def _make(job: tuple[Path, Order]) -> None:
    _key(*job)


def _left_to_the_run(_job: tuple[Path, Order]) -> None:
    """A key whose process was lost is made once more where the run can say what is wrong."""


def _key(path: Path, order: Order) -> Key:
    """The key of the page, made anew only when something that decides it has changed."""

    def make() -> Key:
        page = load(path)
        with sandbox(order.isolation, _private(order)) as box:
            return with_suspects(reference_key(page, order.secret), page, box)

    return kept(path.stem, _made_from(path, order), make)


def _made_from(path: Path, order: Order) -> bytes:
    return f"{order.secret}\0{path.read_text(encoding='utf-8')}".encode()


def _private(order: Order) -> tuple[Path, ...]:
    """What must not be readable for students, as far as something keeps them out."""
    return () if order.isolation == "none" else (order.reference.resolve(), keys_folder())


def _grade(
    desk: _Desk, submissions: Sequence[Submission], journal: Journal, watch: Watch
) -> list[Stamp]:
    """Grade what is asked for and not in the journal yet; return the stamps of all."""
    stamps = [desk.stamp(one) for one in submissions]
    todo = [*_jobs(desk.order.only, submissions, stamps, journal)]
    batch = Batch(
        processes(desk.order.workers, desk.open), _work, desk.lost, AHEAD * desk.order.workers
    )
    with closing(batch.run(todo)) as finished:
        for done in watch(finished, len(todo)):
            report: Mapping[str, Any] | Report = done.graded.report
            if done.exercises:
                report = merged(next(journal.reports([done.stamp])), done.graded.report)
            journal.append(done.stamp, report, done.graded.trace)
    return stamps


def _jobs(
    only: Only, submissions: Sequence[Submission], stamps: Sequence[Stamp], journal: Journal
) -> Iterator[Job]:
    """What is named is graded again; single exercises only where the rest of it stands."""
    for one, stamp in zip(submissions, stamps, strict=True):
        if only.is_everything:
            if stamp not in journal:
                yield Job(one)
        elif only.covers(one):
            yield Job(one, only.exercises if stamp in journal and not one.rejected else ())


def _with_times(
    journal: Journal, stamps: Sequence[Stamp], submissions: Sequence[Submission]
) -> Iterator[Mapping[str, Any]]:
    """The reports; a time of submission may be known now that was not when it was graded."""
    times = {
        (one.student, one.assignment): {"submitted": one.submitted, "clock": one.clock}
        for one in submissions
    }
    for report in journal.reports(stamps):
        yield {**report, **times[report["student"], report["assignment"]]}


class _Desk:
    """What a grading process has at hand: the keys, a sandbox, a place for the pages."""

    at_hand: _Desk

    def __init__(self, keys: Mapping[str, Key], order: Order) -> None:
        self.keys, self.order = keys, order
        self._sandbox: Sandbox
        self._failed: SandboxError | None = None

    def open(self, stack: ExitStack) -> None:
        """Take place in this process."""
        try:
            place = sandbox(self.order.isolation, _private(self.order))
            self._sandbox = stack.enter_context(place)
            self._sandbox.self_test()
        except SandboxError as error:
            self._failed = error
        _Desk.at_hand = self

    def stamp(self, one: Submission) -> Stamp:
        key = self.keys.get(one.assignment)
        digest = f"{key.digest} hints {self.order.hints}" if key else ""
        return Stamp(
            *(one.student, one.assignment, one.path, one.digest),
            *(digest, __version__, self.order.isolation),
        )

    def grade(self, job: Job) -> Done:
        """Grade it.

        Raises:
            SandboxError: the walls do not stand, so that nothing can be graded here
        """
        if self._failed:
            raise self._failed
        one, key = job.submission, self.keys.get(job.submission.assignment)
        if one.rejected or not key:
            return Done(self.stamp(one), rejected(one, key))
        if job.exercises:
            chosen = tuple(ex for ex in key.exercises if ex.exercise.name in job.exercises)
            key = replace(key, exercises=chosen)
        return Done(
            self.stamp(one), grade(one, key, self._sandbox, self.order.hints), job.exercises
        )

    def lost(self, job: Job) -> Done:
        """What is left to say when its process was lost twice."""
        key = self.keys.get(job.submission.assignment)
        return Done(self.stamp(job.submission), ungraded(job.submission, key, LOST, None))


def _work(job: Job) -> Done:
    return _Desk.at_hand.grade(job)
