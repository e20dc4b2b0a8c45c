"""writing: rename."""

import os


def attack(at):
    os.rename(at.canary, at.canary + "2")
    return True
