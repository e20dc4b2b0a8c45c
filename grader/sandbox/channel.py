"""The host's end of one worker: bytes in, bytes out, until a deadline. Host side only.

Every wait is one poll over {replies, printed output, requests still to be written, the process
itself}. Printed output is read and dropped, because a full pipe would stop an honest program;
the beginning is kept for the case that the lockdown itself complained there.
"""

from __future__ import annotations

import os
import select
import time
from dataclasses import dataclass, field

from grader.sandbox import wire

MAX_PRINTED_BYTES = 32 << 20
MAX_KEPT_BYTES = 64 << 10
MOURNING_MILLISECONDS = 1000
_CHUNK = 256 << 10


class Lost(Exception):
    """The worker will not answer any more; why is for whoever reaps it to find out."""


class OutOfTime(Exception):
    pass


class Flooded(Exception):
    pass


@dataclass
class Channel:
    """Descriptors of the host's ends; process is a pidfd where the system has those."""

    requests: int
    replies: int
    printed: int
    process: int | None
    kept: bytearray = field(default_factory=bytearray)
    printed_bytes: int = 0
    _unsent: memoryview = field(default_factory=lambda: memoryview(b""))
    _received: bytearray = field(default_factory=bytearray)
    _is_silent: bool = False  # closed what it prints to, which a poll would report for ever

    def __post_init__(self) -> None:
        for descriptor in (self.requests, self.replies, self.printed):
            os.set_blocking(descriptor, False)

    def send(self, message: bytes) -> None:
        """Queue a message; what the pipe does not take now is written while replies are awaited."""
        self._unsent = memoryview(bytes(self._unsent) + message)
        self._write()

    def receive(self, deadline: float) -> wire.Frame:
        """The next message. Raises Lost, OutOfTime, Flooded, wire.Malformed."""
        self._fill(wire.HEADER_BYTES, deadline)
        head = wire.header(bytes(self._received[: wire.HEADER_BYTES]))
        self._fill(wire.HEADER_BYTES + head.rest, deadline)
        whole = bytes(self._received[wire.HEADER_BYTES : wire.HEADER_BYTES + head.rest])
        del self._received[: wire.HEADER_BYTES + head.rest]
        return wire.unpack(head, whole)

    def close(self) -> None:
        for descriptor in (self.requests, self.replies, self.printed, self.process):
            if descriptor is not None:
                os.close(descriptor)

    def _fill(self, count: int, deadline: float) -> None:
        while len(self._received) < count:
            if not self._read():
                self._wait(deadline)

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise OutOfTime
        poll = select.poll()
        poll.register(self.replies, select.POLLIN)
        if not self._is_silent:
            poll.register(self.printed, select.POLLIN)
        if self._unsent:
            poll.register(self.requests, select.POLLOUT)
        if self.process is not None:
            poll.register(self.process, select.POLLIN)
        ready = dict(poll.poll(left * 1000 + 1))
        if self.requests in ready:
            self._write()
        if self.printed in ready:
            self._drain()
        if self.process in ready and self.replies not in ready:
            raise Lost  # only now: what it said before it died counts

    def _write(self) -> None:
        try:
            self._unsent = self._unsent[os.write(self.requests, self._unsent[:_CHUNK]) :]
        except BlockingIOError:
            return
        except OSError:  # nobody reads them any more, which the replies will tell
            self._unsent = memoryview(b"")

    def _read(self) -> bool:
        """Take what is there, if there is anything."""
        try:
            part = os.read(self.replies, _CHUNK)
        except BlockingIOError:
            return False
        if not part:
            self._mourn()
        self._received += part
        return True

    def _mourn(self) -> None:
        """The replies ended: with the process, a moment later, or is it alive and hiding?"""
        if self.process is not None:
            poll = select.poll()
            poll.register(self.process, select.POLLIN)
            if not poll.poll(MOURNING_MILLISECONDS):
                raise wire.Malformed("the code closed the channel for its answers")
        raise Lost

    def _drain(self) -> None:
        try:
            part = os.read(self.printed, _CHUNK)
        except BlockingIOError:
            return
        self._is_silent = not part
        self.printed_bytes += len(part)
        self.kept += part[: MAX_KEPT_BYTES - len(self.kept)]
        if self.printed_bytes > MAX_PRINTED_BYTES:
            raise Flooded
