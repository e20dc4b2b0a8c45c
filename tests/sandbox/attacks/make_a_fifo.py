"""writing: a pipe with a name, to talk to somebody outside."""

import os


def attack(at):
    os.mkfifo(at.folder + "/fifo")
    return True
