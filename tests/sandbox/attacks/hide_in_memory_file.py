"""memory: a file that no limit counts."""

import os


def attack(at):
    return os.memfd_create("hidden") >= 0
