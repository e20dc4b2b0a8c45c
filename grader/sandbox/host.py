"""Run student code in locked processes and bring back outcomes. The judge's side.

The host keeps the time, caps what comes back and checks every word of it. It does nothing with a
student's text but pass it on. What a student's code does to its own process ends as an outcome
of one exercise; what fails on our side is a SandboxError, and then nothing is graded.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from grader.errors import MissingLibrary, SandboxError
from grader.exercise import Request
from grader.kinds import KINDS
from grader.result import Raised, Refused, Reply
from grader.sandbox import landlock, limits, seccomp
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.nursery import Nursery, ZygoteLost, nursery
from grader.sandbox.session import Cells, Worker

LOCKED, OPEN = "landlock+seccomp", "none"

MOST_LOSSES = 2  # of the process that workers are forked from, in one submission
LOST_TWICE = "the sandbox was lost twice in a row; is the machine out of memory?"
MAX_CODE = 5 << 20  # characters in all cells
TOO_MUCH_CODE = Refused("the notebook holds more than 5 MB of code")

WAYS_OUT = (
    "run the grader in a Linux container, on Windows in WSL2, or, for code that is trusted, "
    "with --isolation none"
)


@dataclass
class Sandbox:
    """Plays requests against notebooks. isolation is stamped into every result.

    lent: the flavour of process for exercises that need no particular one
    """

    isolation: str
    private: Sequence[Path]
    lent: str
    _stack: ExitStack
    _nurseries: dict[str, Nursery] = field(default_factory=dict)

    def play(
        self, cells: Cells, requests: Sequence[Request], lends_grader: bool = False
    ) -> Iterator[Reply]:
        """One Reply per request, in order.

        One process serves them all; when it is lost in one request, that request keeps the
        outcomes it had, ends with the reason, and a fresh process serves the rest.

        lends_grader: the cells are the grader's own and may import its modules; never so for
            what was handed in, since among them are those that differentiate
        """
        if sum(len(source) for _, source in cells) > MAX_CODE:
            yield from (Reply((TOO_MUCH_CODE,)) for _ in requests)
            return
        lent, at, losses = self.lent, 0, 0
        while at < len(requests):
            flavour, rest = _alike(requests[at:], lent)
            try:
                with self._worker(flavour, rest) as worker:
                    for reply in worker.serve(cells, rest, lends_grader):
                        if flavour == lent != (lent := flavour_after(reply, lent)):
                            break
                        at += 1
                        yield reply
            except ZygoteLost as error:
                losses += 1
                self._nurseries.pop(flavour, None)
                if losses == MOST_LOSSES:
                    raise SandboxError(LOST_TWICE) from error

    def self_test(self) -> str:
        """Bring up one locked process, which proves its walls, and end it.

        Returns as whom it ran. Raises SandboxError where a wall does not stand.
        """
        with self._worker(self.lent, ()) as worker:
            worker.await_ready()
            return worker.home.user

    @contextmanager
    def _worker(self, flavour: str, requests: Sequence[Request]) -> Iterator[Worker]:
        seconds = math.ceil(sum(request.limit_seconds for request in requests)) + 1
        home = self._nursery(flavour, requests)
        worker = Worker(home, *home.spawn(seconds))
        try:
            yield worker
        finally:
            worker.end()

    def _nursery(self, flavour: str, requests: Sequence[Request]) -> Nursery:
        """
        Raises:
            MissingLibrary: what the requests need is not installed
            SandboxError: it cannot be set up
        """
        if not FLAVOURS[flavour].is_there:
            names = ", ".join(request.exercise for request in requests)
            raise MissingLibrary(names, str(FLAVOURS[flavour].required))
        if flavour not in self._nurseries:
            started = nursery(flavour, self.isolation, self.private)
            self._nurseries[flavour] = self._stack.enter_context(started)
        return self._nurseries[flavour]


@contextmanager
def sandbox(
    isolation: str = LOCKED, private: Sequence[Path] = (), lent: str = "numpy"
) -> Iterator[Sandbox]:
    """A place for student code; all its processes are gone when the block ends.

    private: folders that student code must not be able to read; a readable one is an error.
    lent: the flavour, of grader.sandbox.flavours, for exercises that need no particular one
    Raises SandboxError where the isolation is not to be had.
    """
    _require(isolation)
    limits.hide_memory()
    with ExitStack() as stack:
        yield Sandbox(isolation, tuple(private), lent, stack)


def _require(isolation: str) -> None:
    if sys.platform == "win32":
        raise SandboxError(f"Windows cannot fork a locked process; use WSL2, where {WAYS_OUT}")
    if isolation == OPEN:
        return
    if isolation != LOCKED:
        raise SandboxError(f"no isolation is called {isolation!r}; there is {LOCKED!r}, {OPEN!r}")
    if missing := missing_walls():
        raise SandboxError(f"this system has no {' and no '.join(missing)}; {WAYS_OUT}")


def missing_walls() -> list[str]:
    walls = {"Landlock": landlock.abi() > 0, "seccomp": seccomp.is_available()}
    return [name for name, stands in walls.items() if not stands]


def _alike(requests: Sequence[Request], lent: str) -> tuple[str, Sequence[Request]]:
    """The flavour of the first request, and the requests from there on that share it."""
    flavour = flavour_of(requests[0], lent)
    return flavour, [*takewhile(lambda one: flavour_of(one, lent) == flavour, requests)]


def flavour_of(request: Request, lent: str) -> str:
    """Which zygote suits a request: what its kind needs, and else what was lent before."""
    if request.kind not in KINDS:
        raise SandboxError(f"no kind of exercise is called {request.kind!r}")
    needed = KINDS[request.kind].flavour
    return lent if needed == "numpy" else needed


def flavour_after(reply: Reply, lent: str) -> str:
    """What to lend to NumPy exercises, now that this reply came.

    Most notebooks import matplotlib for figures that are not drawn here, and start faster without
    it; where an exercise does need it, its import fails, and the exercise is played again.
    """
    for outcome in reply.outcomes:
        match outcome:
            case Raised(type="ModuleNotFoundError", message=message) if "matplotlib" in message:
                return "matplotlib"
    return lent
