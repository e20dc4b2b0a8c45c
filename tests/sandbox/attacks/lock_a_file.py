"""talking: a lock on a library is seen by every process."""

import fcntl

import numpy


def attack(at):
    with open(numpy.__file__) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        return True
