"""reading: open and read without the buffered layer."""

import os


def attack(at):
    return os.read(os.open(at.canary, os.O_RDONLY), 10)
