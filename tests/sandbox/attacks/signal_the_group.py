"""signals: reach this process's own group (signal 0 does nothing)."""

import os


def attack(at):
    os.killpg(0, 0)
    return True
