"""What runs student code: one process for one submission, a fork of the zygote.

It finishes the lockdown, says that it is ready, receives the cells and then one request after
another, and sends one reply per case, so that an endless loop in case 3 does not cost cases 1
and 2. It is the student's process from the first statement on: nothing it says earns trust.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import warnings
import zlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np

from grader.calls.record import NotDefined, Record
from grader.exercise import DIFFERENCES, Case, Request
from grader.kinds import KINDS, needed
from grader.sandbox import answers, cells, failure, limits, wire
from grader.witness import differences

REQUESTS, REPLIES = 3, 4  # descriptors
MOST_DESCRIPTORS = 4096  # none is ever open beyond
# Text, for a function of this module would lead back to it.
STAND_IN = "def check(*_, **__):\n    'Does nothing here: what is graded is not asked for.'"


def run(lock: limits.Lock | None, zygote: int, cpu_seconds: int) -> None:
    """Become the worker: complete the lockdown, then serve until the host closes the requests."""
    if lock is not None:
        limits.lock_worker(lock, zygote, cpu_seconds)
    os.closerange(REPLIES + 1, MOST_DESCRIPTORS)
    warnings.simplefilter("ignore")
    _send(wire.READY, 0, {})
    first = _receive()
    if not wire.lends_grader(first):
        _hide_grader()
    notebook = cells.read(wire.unpack_cells(first))
    while True:
        frame = _receive()
        for kind, fields, body in _replies(notebook, wire.unpack_request(frame)):
            _send(kind, frame.nonce, fields, body)


def _hide_grader() -> None:
    """Leave `from grader import check` to notebooks, and no module that can differentiate or
    says how answers are recorded. The code that runs here keeps what it has imported."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "grader"]:
        del sys.modules[name]
    sys.modules["grader"] = ModuleType("grader")
    exec(STAND_IN, sys.modules["grader"].__dict__)


def warm() -> None:
    """Run the whole way once on a harmless notebook, so that no fork does anything first."""
    case = Case("warm", ("dx",), {"x": np.ones((2, 2))}, upstream=np.ones((2, 2)))
    request = Request("F", "layer", (case,), 1.0)
    frame = wire.pack_request(0, request)
    head = wire.header(frame[: wire.HEADER_BYTES])
    request = wire.unpack_request(wire.unpack(head, frame[wire.HEADER_BYTES :]))
    for source in ("class F:\n def forward(self, x): return x.T\n backward = forward", "!ls\n1/0"):
        list(_replies(cells.read([("cell 1", source)]), request))


def _replies(
    notebook: cells.Notebook, request: Request
) -> Iterator[tuple[bytes, dict[str, Any], bytes]]:
    _start_afresh(request.exercise)
    loaded = cells.load(notebook, request.exercise, needed(request))
    for at, case in enumerate(request.cases):
        fields, body = _outcome(notebook, loaded, request, case)
        yield wire.OUTCOME, {"case": at, **fields}, body
    yield wire.DONE, {"notes": [note[:500] for note in loaded.notes[:20]]}, b""


def _outcome(
    notebook: cells.Notebook, loaded: cells.Loaded, request: Request, case: Case
) -> tuple[dict[str, Any], bytes]:
    try:
        if request.exercise not in loaded.names and not KINDS[request.kind].needs:
            raise NotDefined(request.exercise)
        return _played(loaded, request, case)
    except NotDefined:
        told = loaded.failures.get(request.exercise)
        return ({"outcome": "raised", **told} if told else {"outcome": "undefined"}), b""
    except BaseException as error:
        told = failure.raised(error, notebook.sources)
        if isinstance(error, NameError) and error.name not in loaded.names:
            told = loaded.failures.get(str(error.name), told)
        return {"outcome": "raised", **told}, b""


def _played(loaded: cells.Loaded, request: Request, case: Case) -> tuple[dict[str, Any], bytes]:
    with np.errstate(all="ignore"):
        return answers.fields(_record(loaded, request, case))


def _record(loaded: cells.Loaded, request: Request, case: Case) -> Record:
    if case.calls != DIFFERENCES:
        return KINDS[request.kind].play(loaded.names, request.exercise, case)
    found = differences(loaded.names, request.exercise, request.kind, case)
    return Record({name: estimate.value for name, estimate in found.items()}, {})


def _start_afresh(exercise: str) -> None:
    """What an exercise before this one set going must not stop this one. Forks share the
    zygote's random state, so every exercise gets a state of its own."""
    for timer in (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF):
        signal.setitimer(timer, 0)
    sys.settrace(None)
    sys.setprofile(None)
    seed = zlib.crc32(exercise.encode())
    random.seed(seed)
    np.random.seed(seed)
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)


def _receive() -> wire.Frame:
    head = wire.header(_read(wire.HEADER_BYTES))
    return wire.unpack(head, _read(head.rest))


def _read(count: int) -> bytes:
    parts = []
    while count:
        part = os.read(REQUESTS, min(count, 1 << 20))
        if not part:
            _leave()
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _send(kind: bytes, nonce: int, fields: dict[str, Any], body: bytes = b"") -> None:
    rest = memoryview(wire.pack(kind, nonce, fields, body))
    while rest:
        rest = rest[os.write(REPLIES, rest) :]


def _leave() -> None:
    """Without the interpreter's farewell: atexit functions and finalizers are the student's."""
    sys.stdout.flush()
    os._exit(0)
