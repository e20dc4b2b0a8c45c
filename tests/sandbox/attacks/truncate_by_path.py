"""writing: truncate without opening."""

import os


def attack(at):
    os.truncate(at.canary, 1)
    return True
