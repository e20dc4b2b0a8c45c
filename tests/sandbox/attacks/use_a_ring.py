"""kernel: io_uring does what a filter does not see.

No control: many kernels switch it off
"""

import ctypes


def attack(at):
    parameters = ctypes.create_string_buffer(120)
    return ctypes.CDLL(None).syscall(ctypes.c_long(425), 1, parameters) >= 0
