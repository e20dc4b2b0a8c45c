"""The file-system, network and signal wall: three Landlock calls through ctypes.

Written here, not taken from a library: these lines and seccomp.py are the security boundary, and
the libraries are alpha or months old, one of them reads errno of calls that succeeded, and none
lets a ruleset be prepared before the fork without using its private parts.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import struct
from pathlib import Path

READ_FILE, READ_DIR, WRITE_FILE = 1 << 2, 1 << 3, 1 << 1

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_VERSION_FLAG = 1
_PATH_BENEATH = 1
_RIGHTS_OF_ABI = {1: 13, 2: 14, 3: 15, 4: 15}  # how many file rights exist; ABI 5 added the last
_LAST_RIGHTS = 16
_ABI_NETWORK, _ABI_SCOPES = 4, 6
_BIND_AND_CONNECT, _ABSTRACT_SOCKETS_AND_SIGNALS = 3, 3


def abi() -> int:
    """The version that the running kernel speaks, 0 where there is none. Asks the call itself:
    the list of security modules may be hidden although Landlock works."""
    if platform.system() != "Linux":
        return 0
    return max(0, _call(_CREATE, None, 0, _VERSION_FLAG))


def ruleset(version: int) -> int:
    """A descriptor of an empty ruleset that denies every right this ABI knows."""
    files = (1 << _RIGHTS_OF_ABI.get(version, _LAST_RIGHTS)) - 1
    network = _BIND_AND_CONNECT if version >= _ABI_NETWORK else 0
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if version >= _ABI_SCOPES else 0
    words = 1 + (version >= _ABI_NETWORK) + (version >= _ABI_SCOPES)
    attributes = struct.pack("QQQ", files, network, scopes)[: 8 * words]
    return _checked(_call(_CREATE, attributes, len(attributes), 0))


def permit(rules: int, path: Path, rights: int) -> None:
    """Give back rights on path and all beneath it; a path that does not exist is passed over."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not path.is_dir():
            rights &= ~READ_DIR
        _checked(_call(_ADD, rules, _PATH_BENEATH, struct.pack("=Qi", rights, descriptor), 0))
    finally:
        os.close(descriptor)


def restrict(rules: int) -> None:
    """Put this thread, and all it forks, under the ruleset for ever. Needs no_new_privs."""
    _checked(_call(_RESTRICT, rules, 0))


def _call(number: int, *arguments: int | bytes | None) -> int:
    converted = [
        ctypes.c_long(value) if isinstance(value, int) else ctypes.c_char_p(value)
        for value in arguments
    ]
    return int(_libc().syscall(ctypes.c_long(number), *converted))


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"landlock: {os.strerror(code)}")
    return result
