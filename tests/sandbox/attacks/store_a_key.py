"""kernel: keys outlive their process.

No control: a container may forbid it
"""

import ctypes
import platform


def attack(at):
    numbers = {"x86_64": 248, "aarch64": 217}
    call = ctypes.c_long(numbers[platform.machine()])
    return ctypes.CDLL(None).syscall(call, b"user", b"grader", b"x", 1, -3) >= 0
