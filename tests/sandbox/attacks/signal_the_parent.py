"""signals: end the process that all workers come from."""

import os


def attack(at):
    os.kill(os.getppid(), 0)
    return True
