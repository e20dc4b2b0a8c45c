"""kernel: ptrace."""

import ctypes


def attack(at):
    return ctypes.CDLL(None).ptrace(0, 0, 0, 0) == 0
