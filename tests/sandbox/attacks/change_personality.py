"""kernel: switch off address randomisation."""

import ctypes


def attack(at):
    return ctypes.CDLL(None).personality(0x0040000) >= 0
