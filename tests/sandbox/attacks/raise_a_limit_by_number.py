"""limits: the call behind setrlimit, for another process."""

import ctypes
import struct


def attack(at):
    limit = struct.pack("QQ", 1, 1)
    return ctypes.CDLL(None).prlimit(at.victim, 4, limit, None) == 0
