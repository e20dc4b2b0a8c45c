"""processes: the call whose flags no filter can read."""

import ctypes
import os
import struct


def attack(at):
    arguments = struct.pack("11Q", 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0)
    child = ctypes.CDLL(None).syscall(ctypes.c_long(435), arguments, ctypes.c_long(88))
    if child == 0:
        os._exit(0)
    return child > 0
