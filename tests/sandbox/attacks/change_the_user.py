"""limits: another user id."""

import ctypes
import os


def attack(at):
    return ctypes.CDLL(None).setresuid(os.getuid(), os.getuid(), os.getuid()) == 0
