"""kernel: the numbers of the x32 world, which a filter may have forgotten.

No control: most kernels have no x32
"""

import ctypes


def attack(at):
    descriptor = ctypes.CDLL(None).syscall(ctypes.c_long(0x40000002), at.canary.encode(), 0)
    return descriptor >= 0
