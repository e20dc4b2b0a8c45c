"""signals: the calls behind kill."""

import ctypes
import platform


def attack(at):
    libc = ctypes.CDLL(None)
    numbers = {"x86_64": 234, "aarch64": 131}
    return libc.syscall(ctypes.c_long(numbers[platform.machine()]), at.victim, at.victim, 15) == 0
