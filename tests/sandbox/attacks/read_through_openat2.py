"""reading: the newer call with which a filter on openat is passed by."""

import ctypes
import os
import struct


def attack(at):
    how = struct.pack("QQQ", os.O_RDONLY, 0, 0)
    libc = ctypes.CDLL(None)
    return libc.syscall(ctypes.c_long(437), -100, at.canary.encode(), how, 24) >= 0
