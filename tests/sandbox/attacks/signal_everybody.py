"""signals: reach every process at once (signal 0 does nothing)."""

import os


def attack(at):
    os.kill(-1, 0)
    return True
