"""Start a zygote, ask it for workers, bury them. Host side only."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from grader.errors import SandboxError
from grader.sandbox import roots, zygote
from grader.sandbox.channel import Channel
from grader.sandbox.flavours import FLAVOURS

PACKAGE = Path(__file__).resolve().parent.parent
START_SECONDS = 120.0  # importing numpy from a cold disk on a busy machine

# The package's folder is on the path only while the zygote's own modules are imported.
_BOOT = (
    "import sys; root = sys.argv[1]; sys.path.insert(0, root); "
    "from grader.sandbox import zygote; sys.path.remove(root); "
    "zygote.main(int(sys.argv[2]), sys.argv[3])"
)
_THREADS = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")
ENVIRONMENT = {
    **{f"{library}_NUM_THREADS": "1" for library in _THREADS if library != "VECLIB_MAXIMUM"},
    "VECLIB_MAXIMUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTHONIOENCODING": "utf-8",
    "LC_ALL": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MALLOC_ARENA_MAX": "2",
    # keep what numpy frees: giving it back in every step of a training triples its time
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "HOME": "/nonexistent",
}


class ZygoteLost(Exception):
    """It no longer answers; another one may."""


@dataclass(frozen=True)
class Nursery:
    """A running zygote."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    user: str  # as whom workers run, in words

    def spawn(self, cpu_seconds: int) -> tuple[int, Channel]:
        """Fork a worker: (its number for reap, the channel to it)."""
        requests, replies, printed = os.pipe(), os.pipe(), os.pipe()
        theirs = [requests[0], replies[1], printed[1]]
        try:
            socket.send_fds(self.control, [zygote.WORD.pack(b"s", cpu_seconds)], theirs)
            word, handles, _, _ = socket.recv_fds(self.control, zygote.ANSWER.size, 1)
        except OSError as error:
            word, handles = b"", []
            raise ZygoteLost from error
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        if len(word) != zygote.ANSWER.size:
            raise ZygoteLost
        (child,) = zygote.ANSWER.unpack(word)
        return child, Channel(requests[1], replies[0], printed[0], handles[0] if handles else None)

    def reap(self, child: int, channel: Channel) -> int:
        """Kill what is left of the worker and return its wait status. The number cannot have
        passed to another process: the zygote has not waited for it yet."""
        with suppress(ProcessLookupError):
            if channel.process is not None:
                signal.pidfd_send_signal(channel.process, signal.SIGKILL)
            else:
                os.kill(child, signal.SIGKILL)
        channel.close()
        try:
            self.control.sendall(zygote.WORD.pack(b"r", child))
            word = self.control.recv(zygote.ANSWER.size)
        except OSError as error:
            raise ZygoteLost from error
        if len(word) != zygote.ANSWER.size:
            raise ZygoteLost
        return int(zygote.ANSWER.unpack(word)[0])


@contextmanager
def nursery(flavour: str, isolation: str, private: Sequence[Path]) -> Iterator[Nursery]:
    """A zygote that is gone when the block ends. Raises SandboxError when it cannot start."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    settings = json.dumps(
        {
            "flavour": flavour,
            "isolation": isolation,
            "private": [str(path) for path in (*private, PACKAGE.parent / "reference")],
            "withheld": [str(PACKAGE)],
            "sites": roots.site_folders(),
        }
    )
    with ExitStack() as stack, ours:
        with theirs:
            process = _exec(theirs, settings, stack.enter_context(_scratch(flavour)))
        stack.enter_context(_ended(process))
        yield Nursery(process, ours, _greeting(ours, process))


@contextmanager
def _scratch(flavour: str) -> Iterator[dict[str, str]]:
    """matplotlib fails without a folder for its caches, even where it writes none. The zygote
    may have another uid, so anyone may write there; workers cannot even read it."""
    if "matplotlib.pyplot" not in FLAVOURS[flavour].imports:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o777)
        yield {"MPLCONFIGDIR": folder}


@contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(OSError):
            process.kill()
        process.wait()
        if process.stderr:
            process.stderr.close()


def _exec(theirs: socket.socket, settings: str, more: dict[str, str]) -> subprocess.Popen[bytes]:
    number = theirs.fileno()
    command = [sys.executable, "-s", "-P", "-B", "-c", _BOOT, str(PACKAGE.parent), str(number)]
    return subprocess.Popen(
        [*command, settings],
        env=ENVIRONMENT | more,
        pass_fds=[number],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd="/",
        start_new_session=True,
    )


def _greeting(control: socket.socket, process: subprocess.Popen[bytes]) -> str:
    """The first line that a zygote sends: who it is, or why it cannot be."""
    control.settimeout(START_SECONDS)
    line = b""
    try:
        while not line.endswith(b"\n") and (part := control.recv(4096)):
            line += part
    except TimeoutError as error:
        raise SandboxError(f"the sandbox did not start within {START_SECONDS:g} s") from error
    control.settimeout(None)
    if not line.endswith(b"\n"):
        process.kill()
        said = process.stderr.read()[-2000:].decode(errors="replace") if process.stderr else ""
        raise SandboxError(f"the sandbox ended at its start: {said.strip() or 'without a word'}")
    told = json.loads(line)
    if "error" in told:
        raise SandboxError(f"the sandbox cannot be set up: {told['error']}")
    return str(told["user"])
