"""limits: a filter of its own could turn refusals into successes."""

import ctypes
import platform


def attack(at):
    numbers = {"x86_64": 317, "aarch64": 277}
    action = ctypes.c_char_p(b"\0\0\xff\x7f")
    return ctypes.CDLL(None).syscall(ctypes.c_long(numbers[platform.machine()]), 2, 0, action) == 0
