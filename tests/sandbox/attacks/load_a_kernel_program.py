"""kernel: bpf.

No control: it takes privileges
"""

import ctypes
import platform


def attack(at):
    numbers = {"x86_64": 321, "aarch64": 280}
    return ctypes.CDLL(None).syscall(ctypes.c_long(numbers[platform.machine()]), 0, None, 0) >= 0
