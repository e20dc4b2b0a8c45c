"""writing: a symbolic link for somebody else to follow."""

import os


def attack(at):
    os.symlink("/etc/passwd", at.folder + "/pointer")
    return True
