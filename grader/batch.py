"""Many jobs over any executor: results as they come, a bounded number under way, losses survived.

Processes and not threads, because a judge that crashes must not take the run with it. When a
process of the pool is lost, every job that was under way is done again, alone; one that loses its
process a second time is given up. Jobs and results are whatever the caller says they are.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from itertools import islice
from multiprocessing.util import Finalize
from typing import Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")

_SET_DEATH_SIGNAL = 1


class Batch(Generic[Job, Result]):
    """How a batch is done.

    pool: starts an executor; called again when the last one broke
    work: runs in the executor
    lost: the result of a job that was given up
    ahead: how many jobs are handed to the executor at once
    """

    def __init__(
        self,
        pool: Callable[[], Executor],
        work: Callable[[Job], Result],
        lost: Callable[[Job], Result],
        ahead: int,
    ) -> None:
        self._pool, self._work, self._lost, self._ahead = pool, work, lost, ahead

    def run(self, jobs: Iterable[Job]) -> Generator[Result, None, None]:
        """Yield one result per job, in the order in which they finish."""
        todo = iter(jobs)
        while True:
            suspects: list[Job] = []
            with _closing(self._pool()) as executor:
                yield from self._several(executor, todo, suspects)
            if not suspects:
                return
            for job in suspects:
                yield self._alone(job)

    def _several(
        self, executor: Executor, jobs: Iterator[Job], suspects: list[Job]
    ) -> Iterator[Result]:
        """Run jobs until there are no more, or the executor breaks: then name the suspects."""
        running: dict[Future[Result], Job] = {}
        while not suspects:
            self._hand_in(executor, jobs, running, suspects)
            if not running:
                return
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            yield from self._settle(done, running, suspects)
        done, _ = wait(running)
        yield from self._settle(done, running, suspects)

    def _hand_in(
        self,
        executor: Executor,
        jobs: Iterator[Job],
        running: dict[Future[Result], Job],
        suspects: list[Job],
    ) -> None:
        for job in islice(jobs, self._ahead - len(running)):
            try:
                running[executor.submit(self._work, job)] = job
            except BrokenProcessPool:
                suspects.append(job)
                return

    def _settle(
        self,
        done: Iterable[Future[Result]],
        running: dict[Future[Result], Job],
        suspects: list[Job],
    ) -> Iterator[Result]:
        for future in done:
            job = running.pop(future)
            if isinstance(future.exception(), BrokenProcessPool):
                suspects.append(job)
            else:
                yield future.result()

    def _alone(self, job: Job) -> Result:
        with _closing(self._pool()) as executor:
            try:
                return executor.submit(self._work, job).result()
            except BrokenProcessPool:
                return self._lost(job)


@contextmanager
def _closing(executor: Executor) -> Iterator[Executor]:
    """Close it; when interrupted, at once, without waiting for what is under way."""
    before = set(multiprocessing.active_children())
    try:
        yield executor
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.kill()
        executor.shutdown(cancel_futures=True)
        raise
    executor.shutdown()


def processes(workers: int, start: Callable[[ExitStack], None]) -> Callable[[], Executor]:
    """A pool of forked processes, each of which calls start once, before any thread exists.

    start: may enter what must be closed at the end of the process
    """

    def pool() -> Executor:
        context = multiprocessing.get_context("fork")
        arguments = (start, os.getpid())
        return ProcessPoolExecutor(workers, context, _start, arguments)

    return pool


def _start(start: Callable[[ExitStack], None], parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run decides what Ctrl-C means
    _end_with_parent(parent)
    stack = ExitStack()
    Finalize(None, stack.close, exitpriority=10)
    start(stack)


def _end_with_parent(parent: int) -> None:
    """A process that waits for jobs would otherwise outlive a killed run."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)
