"""kernel: a clock id may hold another process's number."""

import time


def attack(at):
    return time.clock_gettime(~at.victim << 3 | 2) >= 0
