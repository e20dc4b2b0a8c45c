"""writing: a new folder."""

import os


def attack(at):
    os.mkdir(at.folder + "/new")
    return True
