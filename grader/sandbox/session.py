"""The host's side of one worker: send what is asked, collect what is told, say how it ended."""

from __future__ import annotations

import os
import secrets
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.errors import SandboxError
from grader.exercise import Request
from grader.result import Died, Outcome, Refused, Reply, TimedOut
from grader.sandbox import replies, wire
from grader.sandbox.channel import Channel, Flooded, Lost, OutOfTime
from grader.sandbox.nursery import Nursery

READY_SECONDS = 60.0  # for fork and lockdown, which take milliseconds

Cells = Sequence[tuple[str, str]]


@dataclass
class Worker:
    """One process, from fork to burial."""

    home: Nursery
    child: int
    channel: Channel
    status: int | None = None

    def serve(
        self, cells: Cells, requests: Sequence[Request], lends_grader: bool = False
    ) -> Iterator[Reply]:
        """Replies until all requests are served or the process is lost.

        When it dies in a request that was not its first, that one is left to a fresh process:
        what an exercise before it left behind may be the cause.
        """
        nonces = [secrets.randbits(64) for _ in requests]
        messages = map(_message, nonces, requests)
        first = wire.pack_cells(0, cells, lends_grader)
        self.await_ready()
        self.channel.send(first)
        for request, nonce, message in zip(requests, nonces, messages, strict=True):
            start = time.monotonic()
            self.channel.send(message)
            outcomes: list[Outcome] = []
            notes: tuple[str, ...] = ()
            try:
                notes = self._collect(request, nonce, start + request.limit_seconds, outcomes)
                end = None
            except (Lost, OutOfTime, Flooded, wire.Malformed) as error:
                end = self._reason(error, request)
            if isinstance(end, Died | Refused) and request is not requests[0]:
                return
            done = (*outcomes, end) if end else tuple(outcomes)
            yield Reply(done[: len(request.cases)], notes, time.monotonic() - start)
            if end:
                return

    def end(self) -> int:
        """Kill and bury the process; returns its wait status."""
        if self.status is None:
            self.status = 0
            self.status = self.home.reap(self.child, self.channel)
        return self.status

    def await_ready(self) -> None:
        """The self-test has passed, and no student code has run yet. Else nobody is to blame
        but us."""
        try:
            frame = self.channel.receive(time.monotonic() + READY_SECONDS)
        except (Lost, OutOfTime, wire.Malformed) as error:
            said = bytes(self.channel.kept).decode(errors="replace").strip()
            raise SandboxError(f"a locked process did not come up: {said or error!r}") from error
        if frame.kind != wire.READY:
            raise SandboxError("a locked process did not come up")

    def _collect(
        self, request: Request, nonce: int, deadline: float, outcomes: list[Outcome]
    ) -> tuple[str, ...]:
        """Append outcomes as they come; returns the notes of the last frame."""
        for at in range(len(request.cases)):
            frame = self._next(wire.OUTCOME, nonce, deadline)
            outcomes.append(replies.outcome(frame, at))
        return replies.notes(self._next(wire.DONE, nonce, deadline))

    def _next(self, kind: bytes, nonce: int, deadline: float) -> wire.Frame:
        frame = self.channel.receive(deadline)
        if frame.kind != kind or frame.nonce != nonce:
            raise wire.Malformed("the reply does not belong to the question")
        return frame

    def _reason(self, error: Exception, request: Request) -> Outcome:
        match error:
            case OutOfTime():
                return TimedOut(request.limit_seconds)
            case Flooded():
                return Died("printed without end")
            case wire.Malformed():
                return Refused(str(error))
        return _death(self.end(), request)


def _message(nonce: int, request: Request) -> bytes:
    """What cannot be asked is the assignment's fault, and no student's."""
    try:
        return wire.pack_request(nonce, request)
    except wire.Malformed as error:
        raise SandboxError(f"{request.exercise} cannot be asked: {error}") from error


def _death(status: int, request: Request) -> Outcome:
    code = os.waitstatus_to_exitcode(status)
    if code >= 0:
        return Died(f"ended its own process with exit code {code}")
    match -code:
        case signal.SIGXCPU:
            return TimedOut(request.limit_seconds)
        case signal.SIGSYS:
            return Died("made a system call that is forbidden")
        case signal.SIGSEGV | signal.SIGBUS:
            return Died("crashed the interpreter (invalid access to memory)")
        case signal.SIGKILL:
            return Died("was ended by the system, perhaps for want of memory")
        case number:
            return Died(f"was ended by signal {signal.Signals(number).name}")
