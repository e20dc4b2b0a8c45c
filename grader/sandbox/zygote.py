"""The process that every worker is a fork of: warm, single-threaded, locked, without a secret.

Started by exec with a built environment, never forked from the host. Student code does not pass
through it, so nothing of one submission can be found in the next. It ends when the host's end of
the control socket closes, which needs no parent-death signal: that one follows the thread which
started the process, and hosts start zygotes from threads that end.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import struct
import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder
from pathlib import Path
from typing import Any

from grader.sandbox import limits, roots, worker
from grader.sandbox.flavours import FLAVOURS, Flavour, Withheld, prepare

CONTROL = 10  # a descriptor clear of those that a worker uses
WORD = struct.Struct("<ci")
ANSWER = struct.Struct("<i")


def main(control: int, settings: str) -> None:
    """Prepare, lock, serve; in a fork: become the worker."""
    os.dup2(control, CONTROL, inheritable=False)
    os.closerange(3, CONTROL)
    os.closerange(CONTROL + 1, worker.MOST_DESCRIPTORS)
    channel = socket.socket(fileno=CONTROL)
    try:
        lock, facts = _prepare(json.loads(settings))
    except BaseException as error:
        channel.sendall(json.dumps({"error": f"{type(error).__name__}: {error}"}).encode() + b"\n")
        os._exit(1)
    channel.sendall(json.dumps(facts).encode() + b"\n")
    zygote = os.getpid()
    cpu_seconds = _serve(channel)
    worker.run(lock, zygote, cpu_seconds)


def _prepare(settings: dict[str, Any]) -> tuple[limits.Lock | None, dict[str, Any]]:
    sys.argv[1:] = []
    is_locked = settings["isolation"] != "none"
    flavour = FLAVOURS[settings["flavour"]]
    sys.path += [path for path in settings["sites"] if path not in sys.path]
    read, listed = list[Path](), list[Path]()
    who = f"uid {os.getuid()}"
    if is_locked:
        secret = [Path(path) for path in settings["withheld"]]
        read, listed = roots.readable([*secret, *roots.homes(flavour.withheld)])
        _refuse_private(settings["private"], read)
        who = limits.drop_privileges(roots.entrances(read, listed))
    prepare(flavour)
    worker.warm()
    _only_own_descriptors()
    if is_locked:
        _forget_other_paths(read, listed, flavour)
    threads = _threads()
    if threads != 1:
        raise RuntimeError(f"{threads} threads where there must be one")
    lock = limits.lock_zygote(read, listed, flavour.memory_bytes) if is_locked else None
    gc.collect()
    gc.freeze()
    return lock, {"user": who}


def _refuse_private(private: list[str], read: list[Path]) -> None:
    folders = set(read)
    for path in private:
        if roots.is_under(Path(path).resolve(), folders):
            raise RuntimeError(f"{path} is private, but lies where student code can read; move it")


def _forget_other_paths(read: list[Path], listed: list[Path], flavour: Flavour) -> None:
    """Imports look only where files can be read; an editable install brings other places."""
    folders = {*read, *listed}
    kept = [path for path in sys.path if roots.is_under(Path(path).resolve(), folders)]
    withheld = Withheld(("grader", *flavour.withheld))
    sys.path[:] = kept
    sys.meta_path[:] = [withheld, BuiltinImporter, FrozenImporter, PathFinder]
    sys.path_importer_cache.clear()


def _only_own_descriptors() -> None:
    """3 and 4 are kept busy, so that received descriptors never land where a worker's belong."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(5):
        os.dup2(null, descriptor)
    os.closerange(5, CONTROL)


def _threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 1


def _serve(channel: socket.socket) -> int:
    """Fork on request, until the host is gone. Returns in the fork, with its descriptors set."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, WORD.size, 3)
        if len(message) != WORD.size:
            os._exit(0)
        order, number = WORD.unpack(message)
        if order == b"r":
            _, status = os.waitpid(number, 0)
            channel.sendall(ANSWER.pack(status))
            continue
        child = os.fork()
        if child == 0:
            _take(descriptors)
            return int(number)
        for descriptor in descriptors:
            os.close(descriptor)
        _hand_over(channel, child)


def _take(descriptors: list[int]) -> None:
    """0 nothing, 1 and 2 what is printed, 3 requests, 4 replies; all others are closed."""
    requests, replies, printed = descriptors
    os.setsid()
    for descriptor, place in ((printed, 1), (printed, 2), (requests, 3), (replies, 4)):
        os.dup2(descriptor, place)
        os.close(descriptor) if place != 1 else None
    os.close(CONTROL)  # before anything else: who holds it gives orders to the zygote


def _hand_over(channel: socket.socket, child: int) -> None:
    if not hasattr(os, "pidfd_open"):
        channel.sendall(ANSWER.pack(child))
        return
    handle = os.pidfd_open(child)
    socket.send_fds(channel, [ANSWER.pack(child)], [handle])
    os.close(handle)
