"""kernel: become root in a world of its own.

No control: many systems forbid it
"""

import ctypes


def attack(at):
    return ctypes.CDLL(None).unshare(0x10000000) == 0
