"""The lockdown: what the zygote gives up once, what every worker gives up, and the proof of it.

The order matters. Privileges go first, while giving them up is still allowed; Landlock before the
filter that forbids Landlock; the self-test last, before any student code.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox import landlock, roots, seccomp

LOCKDOWN_FAILED = 113  # exit status of a worker whose walls do not stand
DESCRIPTORS = 64
PENDING_SIGNALS = 64

_SET_DEATH_SIGNAL, _SET_DUMPABLE, _SET_NO_NEW_PRIVILEGES = 1, 4, 38
_DROP_BOUNDING, _SET_SECUREBITS, _AMBIENT, _CLEAR_ALL = 24, 28, 47, 4
_ALL_SECUREBITS = 0xEF  # uid 0 gains nothing, keeps nothing, and cannot take this back
_LAST_CAPABILITY = 63
_CAPABILITY_VERSION = 0x20080522
_SPARE_UIDS, _FIRST_SPARE_UID = 400, 60600  # above people, below what systemd hands out
_ABSENT_CALL = 1022  # no kernel has it


@dataclass(frozen=True)
class Lock:
    """What the zygote prepared, so that a fork has little left to do."""

    rules: int  # the descriptor of the Landlock ruleset
    program: bytes  # the second filter
    address_space: int
    data: int
    memory_bytes: int  # on top of what the zygote has mapped already


def hide_memory() -> None:
    """No core files, no tracing, no /proc/PID/mem for processes of the same user."""
    if platform.system() == "Linux":
        _prctl(_SET_DUMPABLE, 0)


def drop_privileges(needed: list[Path]) -> str:
    """Give up root: another uid where it can still read what Python needs, else no capabilities.

    Returns words for the doctor.
    """
    words = f"uid {os.getuid()}"
    if os.getuid() == 0:
        words = _change_uid() if roots.reachable_by_others(needed) else "uid 0, no capabilities"
    for capability in range(_LAST_CAPABILITY + 1):
        _prctl(_DROP_BOUNDING, capability)
    _prctl(_AMBIENT, _CLEAR_ALL)
    _prctl(_SET_SECUREBITS, _ALL_SECUREBITS)
    head, nothing = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None).capset(head, nothing) != 0:
        raise OSError("capabilities cannot be given up")
    return words


def _change_uid() -> str:
    uid = _FIRST_SPARE_UID + os.getpid() % _SPARE_UIDS
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError:  # a container that gave us uid 0 without CAP_SETUID
        return "uid 0, no capabilities"
    return f"uid {uid}"


def lock_zygote(read: list[Path], listed: list[Path], memory_bytes: int) -> Lock:
    """The first stage. From here on no exec, no sockets, no files outside the read roots."""
    hide_memory()
    _prctl(_SET_NO_NEW_PRIVILEGES, 1)
    rules = landlock.ruleset(landlock.abi())
    for path in read:
        landlock.permit(rules, path, landlock.READ_FILE | landlock.READ_DIR)
    for path in listed:
        landlock.permit(rules, path, landlock.READ_DIR)
    landlock.permit(rules, Path(os.devnull), landlock.READ_FILE | landlock.WRITE_FILE)
    pages = [int(word) for word in Path("/proc/self/statm").read_text().split()]
    landlock.restrict(rules)
    seccomp.load(seccomp.zygote_program(platform.machine()))
    page = resource.getpagesize()
    program = seccomp.worker_program(platform.machine())
    return Lock(rules, program, pages[0] * page, pages[5] * page, memory_bytes)


def lock_worker(lock: Lock, zygote: int, cpu_seconds: int) -> None:
    """The second stage, in the fork; ends the process where a wall does not stand."""
    _prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != zygote:
        os._exit(LOCKDOWN_FAILED)
    os.umask(0o077)
    os.chdir("/")
    _limit(lock, cpu_seconds)
    landlock.restrict(lock.rules)
    os.close(lock.rules)
    seccomp.load(lock.program)
    if failed := failed_walls():
        os.write(2, f"these walls do not stand: {', '.join(failed)}\n".encode())
        os._exit(LOCKDOWN_FAILED)


def _limit(lock: Lock, cpu_seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    for which, most in {
        resource.RLIMIT_AS: lock.address_space + lock.memory_bytes,
        resource.RLIMIT_DATA: lock.data + lock.memory_bytes,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_SIGPENDING: PENDING_SIGNALS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NPROC: 0,  # does not bind uid 0; the filter does
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }.items():
        resource.setrlimit(which, (most, most))


def failed_walls() -> list[str]:
    """Try six things that must be impossible; name those that were not."""
    probes: dict[str, Callable[[], object]] = {
        "files": lambda: os.close(os.open("/etc/passwd", os.O_RDONLY)),
        "sockets": lambda: socket.socket().close(),
        "signals": lambda: os.kill(os.getppid(), 0),
        "programs": lambda: os.execv("/bin/true", ["true"]),
        "processes": _fork,
        "unknown calls": _absent_call,
    }
    return [name for name, probe in probes.items() if not _is_denied(probe)]


def _is_denied(probe: Callable[[], object]) -> bool:
    try:
        probe()
    except OSError:
        return True
    return False


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _absent_call() -> None:
    if ctypes.CDLL(None).syscall(_ABSENT_CALL) < 0:
        raise OSError


def _prctl(option: int, value: int) -> int:
    numbers = [ctypes.c_long(number) for number in (option, value, 0, 0, 0)]
    return int(ctypes.CDLL(None).prctl(*numbers))
