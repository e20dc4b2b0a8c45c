"""talking: a System V semaphore."""

import ctypes


def attack(at):
    libc = ctypes.CDLL(None)
    found = libc.semget(0, 1, 0o1600)
    return found >= 0 and libc.semctl(found, 0, 0, 0) == 0
