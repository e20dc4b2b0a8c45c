"""signals: make the kernel send them, for input that arrives."""

import fcntl
import os


def attack(at):
    ours, theirs = os.pipe()
    fcntl.fcntl(ours, fcntl.F_SETOWN, at.victim)
    flags = fcntl.fcntl(ours, fcntl.F_GETFL)
    fcntl.fcntl(ours, fcntl.F_SETFL, flags | os.O_ASYNC)
    os.write(theirs, b"x")
    return True
