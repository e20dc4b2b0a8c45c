"""memory: an array of 4 GB (which is never touched)."""

import numpy


def attack(at):
    return numpy.empty(4 << 27).nbytes
