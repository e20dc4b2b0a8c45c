"""Start a program as somebody else: `python become.py WHO PROGRAM [ARGUMENT...]`, run as root.

WHO is root, powerless (uid 0 without capabilities), other (root, where other users can read this
Python, so that the grader can change the uid) or plain (an ordinary user). Folders on the way to
this Python that only root may enter are opened in a mount namespace of our own, which leaves the
machine as it is. Exit code 77: that cannot be done here.
"""

import ctypes
import os
import sys
import tempfile
from pathlib import Path

CANNOT = 77
PLAIN_USER = 65534
NEW_MOUNTS, BIND, MOVE, PRIVATE = 0x20000, 0x1000, 0x2000, 0x4000 | 1 << 18
CHECKOUT = Path(__file__).resolve().parents[2]

libc = ctypes.CDLL(None, use_errno=True)


def needed():
    return {Path(sys.base_prefix).resolve(), Path(sys.prefix).resolve(), CHECKOUT}


def closed_folders():
    """{folder that only root may enter: needed paths below it}"""
    closed = {}
    for path in needed():
        above = [folder for folder in reversed(path.parents) if not folder.stat().st_mode & 1]
        if above:
            closed.setdefault(above[0], []).append(path)
    return closed


def mount(source, target, kind=None, flags=0, options=None):
    words = [os.fsencode(word) if word else None for word in (source, target, kind)]
    if libc.mount(*words, flags, options) != 0:
        raise OSError(ctypes.get_errno(), "mount")


def open_folder(folder, paths):
    held = {path: tempfile.mkdtemp() for path in paths}
    for path, place in held.items():
        mount(path, place, flags=BIND)
    mount("none", folder, "tmpfs", options=b"mode=755")
    for path, place in held.items():
        path.mkdir(parents=True)
        mount(place, path, flags=MOVE)
        os.rmdir(place)


def open_the_way():
    closed = closed_folders()
    if not closed:
        return
    if libc.unshare(NEW_MOUNTS) != 0:
        sys.exit(CANNOT)
    mount("none", "/", flags=PRIVATE)
    for folder, paths in closed.items():
        open_folder(folder, paths)


def drop_capabilities():
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # out of the bounding set, so exec gives none


def drop_user():
    os.setgroups([])
    os.setresgid(PLAIN_USER, PLAIN_USER, PLAIN_USER)
    os.setresuid(PLAIN_USER, PLAIN_USER, PLAIN_USER)


STEPS = {
    "root": (),
    "powerless": (drop_capabilities,),
    "other": (open_the_way,),
    "plain": (open_the_way, drop_user),
}


def main(who, *command):
    for step in STEPS[who]:
        step()
    os.execv(command[0], command)


if __name__ == "__main__":
    main(*sys.argv[1:])
