"""kernel: the upper half of a clock id is ignored by the kernel, not by a careless filter."""

import ctypes
import platform


def attack(at):
    numbers = {"x86_64": 228, "aarch64": 113}
    call = ctypes.c_long(numbers[platform.machine()])
    clock = ctypes.c_long((~at.victim << 3 | 2) & 0xFFFFFFFF | 1 << 32)
    return ctypes.CDLL(None).syscall(call, clock, ctypes.create_string_buffer(16)) == 0
