"""limits: leave the processor that the worker was given."""

import os


def attack(at):
    os.sched_setaffinity(0, os.sched_getaffinity(0))
    return True
