"""reading: names of other submissions."""

import os


def attack(at):
    return os.listdir(at.folder)
