"""memory: pages that cannot be swapped out."""

import ctypes


def attack(at):
    buffer = ctypes.create_string_buffer(8192)
    return ctypes.CDLL(None).mlock(buffer, 8192) == 0
