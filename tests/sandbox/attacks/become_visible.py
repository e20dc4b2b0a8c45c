"""limits: allow others of this user to trace this process."""

import ctypes


def attack(at):
    return ctypes.CDLL(None).prctl(4, 1, 0, 0, 0) == 0
