"""writing: a read-only open that truncates."""

import os


def attack(at):
    return os.open(at.canary, os.O_RDONLY | os.O_TRUNC) >= 0
