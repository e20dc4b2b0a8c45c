"""reading: the instructor's environment variables."""

import ctypes
import os


def attack(at):
    libc = ctypes.CDLL(None)
    libc.getenv.restype = ctypes.c_char_p
    return os.environ.get(at.marker) or libc.getenv(at.marker.encode())
