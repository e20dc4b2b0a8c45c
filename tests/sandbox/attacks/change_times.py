"""writing: change when a file was written."""

import os


def attack(at):
    os.utime(at.canary, (1, 1))
    return True
