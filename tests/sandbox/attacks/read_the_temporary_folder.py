"""reading: what other programs keep in /tmp."""

import os


def attack(at):
    return os.listdir("/tmp")
