"""kernel: kcmp tells which descriptors two processes share.

No control: not every kernel has it
"""

import ctypes
import os
import platform


def attack(at):
    numbers = {"x86_64": 312, "aarch64": 272}
    call = ctypes.c_long(numbers[platform.machine()])
    return ctypes.CDLL(None).syscall(call, os.getpid(), os.getpid(), 0, 1, 1) >= 0
