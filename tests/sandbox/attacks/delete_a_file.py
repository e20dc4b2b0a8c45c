"""writing: delete."""

import os


def attack(at):
    os.unlink(at.canary)
    return True
