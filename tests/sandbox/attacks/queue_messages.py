"""talking: a System V queue."""

import ctypes


def attack(at):
    libc = ctypes.CDLL(None)
    queue = libc.msgget(0, 0o1600)
    return queue >= 0 and libc.msgctl(queue, 0, None) == 0
