"""writing: a second name for a file."""

import os


def attack(at):
    os.link(at.canary, at.folder + "/linked")
    return True
