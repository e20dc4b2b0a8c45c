"""talking: a System V segment survives its process."""

import ctypes


def attack(at):
    libc = ctypes.CDLL(None)
    segment = libc.shmget(0, 4096, 0o1600)
    return segment >= 0 and libc.shmctl(segment, 0, None) == 0
