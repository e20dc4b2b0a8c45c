"""reading: the C library's own open, past every Python hook."""

import ctypes


def attack(at):
    libc = ctypes.CDLL(None)
    descriptor = libc.open(at.canary.encode(), 0)
    buffer = ctypes.create_string_buffer(10)
    return descriptor >= 0 and libc.read(descriptor, buffer, 10) > 0
