"""kernel: userfaultfd, the helper of many exploits.

No control: many kernels switch it off
"""

import ctypes
import platform


def attack(at):
    numbers = {"x86_64": 323, "aarch64": 282}
    return ctypes.CDLL(None).syscall(ctypes.c_long(numbers[platform.machine()]), 1) >= 0
