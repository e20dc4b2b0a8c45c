"""The system-call filter: two classic BPF programs made from the lists in syscalls.py.

Written here, not taken from a library: these lines and landlock.py are the security boundary, the
pure Python libraries are months old, the binding of libseccomp is unmaintained, and the fast path
would need their private parts. The tests compare every decision with libseccomp's.

Two stages, because a filter costs with its length at every load: the zygote loads the long list
once and every fork inherits it, a worker adds the few calls that it must not keep.
"""

from __future__ import annotations

import ctypes
import errno
import itertools
import os
import platform
import struct
from collections.abc import Mapping, Sequence

from grader.sandbox import syscalls

ALLOW = 0x7FFF0000
KILL = 0x80000000
NOT_PERMITTED = 0x00050000 | errno.EPERM
UNKNOWN = 0x00050000 | errno.ENOSYS

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
SECCOMP = {"x86_64": 317, "aarch64": 277}

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _AND, _RETURN = 0x20, 0x15, 0x35, 0x54, 0x06
_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

Instruction = tuple[int, int, int, int]
Block = tuple[Instruction, ...]

IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # terminal? size, FIONREAD, FIONBIO, CLEX
FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 1030, 1032)  # dup, flags, locks, size of a pipe; no F_SETOWN
PRCTLS = (2, 3, 15, 16, 21, 39, 0x53564D41)  # queries, names of the thread and of memory
ZYGOTE_PRCTLS = (*PRCTLS, 1)  # and the parent-death signal
CLOCKS = (0, 1, 2, 3, 4, 5, 6, 7, 11)  # fixed ids only: others hold another process's id
_O_ACCMODE, _O_TRUNC = 0o3, 0o1000


def zygote_program(machine: str) -> bytes:
    """The first stage: everything that a worker or the zygote may do, deny by default."""
    actions: dict[int, Block] = {}
    for table, action in (
        (syscalls.KILLED, KILL),
        (syscalls.NOT_PERMITTED, NOT_PERMITTED),
        (syscalls.ZYGOTE_ONLY, ALLOW),
        (syscalls.ALLOWED, ALLOW),
    ):
        actions |= dict.fromkeys(numbers(table, machine), _give(action))
    actions |= _conditions(machine, ZYGOTE_PRCTLS, _give(ALLOW))
    return _assemble(actions, _give(UNKNOWN), machine)


def worker_program(machine: str) -> bytes:
    """The second stage: takes away what only the zygote needs; clone3's absence is stage one's."""
    actions = dict.fromkeys(numbers(syscalls.ZYGOTE_ONLY, machine), _give(NOT_PERMITTED))
    last = _conditions(machine, PRCTLS, _no_new_limit())
    for name in ("prctl", "prlimit64"):
        (number,) = numbers({name: syscalls.BY_ARGUMENT[name]}, machine)
        actions[number] = last[number]
    return _assemble(actions, _give(ALLOW), machine)


def numbers(table: syscalls.Table, machine: str) -> list[int]:
    column = syscalls.ARCHITECTURES.index(machine)
    return [row[column] for row in table.values() if row[column] is not None]  # type: ignore[misc]


def load(program: bytes) -> None:
    """Put this thread, and all it forks, under program for ever. Needs no_new_privs."""
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer))
    if _seccomp(_SET_MODE_FILTER, header) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"seccomp: {os.strerror(code)}")


def is_available() -> bool:
    """Ask the call itself: what /proc says may be hidden in a container."""
    if platform.system() != "Linux" or platform.machine() not in SECCOMP:
        return False
    return _seccomp(_GET_ACTION_AVAILABLE, struct.pack("I", KILL)) == 0


def _seccomp(operation: int, argument: bytes) -> int:
    libc = ctypes.CDLL(None, use_errno=True)
    number = SECCOMP[platform.machine()]
    return int(libc.syscall(ctypes.c_long(number), operation, 0, ctypes.c_char_p(argument)))


def _conditions(machine: str, prctls: Sequence[int], prlimit: Block) -> dict[int, Block]:
    """What is allowed for some arguments only. 32-bit arguments are compared as such: the
    kernel ignores their upper half, so garbage there must not slip by."""
    blocks: Mapping[str, Block] = {
        "open": _no_truncating_read(1),
        "openat": _no_truncating_read(2),
        "ioctl": _one_of(1, IOCTLS),
        "fcntl": _one_of(1, FCNTLS),
        "prctl": _one_of(0, prctls),
        "prlimit64": prlimit,
        **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"), _one_of(0, CLOCKS)),
    }
    column = syscalls.ARCHITECTURES.index(machine)
    rows = ((row[column], blocks[name]) for name, row in syscalls.BY_ARGUMENT.items())
    return {number: block for number, block in rows if number is not None}


def _give(action: int) -> Block:
    return ((_RETURN, 0, 0, action),)


def _low(argument: int) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument)


def _high(argument: int) -> Instruction:
    return (_LOAD, 0, 0, _ARGUMENTS + 8 * argument + 4)


def _one_of(argument: int, values: Sequence[int]) -> Block:
    tests = [(_JUMP_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return (_low(argument), *tests, *_give(NOT_PERMITTED), *_give(ALLOW))


def _no_truncating_read(argument: int) -> Block:
    """O_RDONLY | O_TRUNC empties a file for which old Landlock asks only the right to read."""
    return (
        _low(argument),
        (_AND, 0, 0, _O_ACCMODE | _O_TRUNC),
        (_JUMP_EQUAL, 0, 1, _O_TRUNC),
        *_give(NOT_PERMITTED),
        *_give(ALLOW),
    )


def _no_new_limit() -> Block:
    """prlimit64 may ask for this process's own limits: pid 0 and no new limit."""
    return (
        _low(2),
        (_JUMP_EQUAL, 0, 5, 0),
        _high(2),
        (_JUMP_EQUAL, 0, 3, 0),
        _low(0),
        (_JUMP_EQUAL, 0, 1, 0),
        *_give(ALLOW),
        *_give(NOT_PERMITTED),
    )


def _assemble(actions: Mapping[int, Block], default: Block, machine: str) -> bytes:
    """Numbers in ascending order, neighbours with the same action joined: the filter walks a
    chain of comparisons. Foreign architectures are killed; x32 numbers lie above all others."""
    edges: list[tuple[int, Block]] = [(0, default)]
    for number in sorted(actions):
        if edges[-1][0] == number:
            edges.pop()
        edges += [(number, actions[number]), (number + 1, default)]
    merged = [edge for at, edge in enumerate(edges) if at == 0 or edge[1] != edges[at - 1][1]]
    code: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_JUMP_EQUAL, 1, 0, AUDIT[machine]),
        *_give(KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    for (_, block), (end, _) in itertools.pairwise(merged):
        code += [(_JUMP_AT_LEAST, len(block), 0, end), *block]
    code += merged[-1][1]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)
