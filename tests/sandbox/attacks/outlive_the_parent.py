"""limits: take back the signal that ends this process with its parent."""

import ctypes


def attack(at):
    return ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0
