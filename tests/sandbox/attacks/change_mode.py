"""writing: change who may read a file."""

import os


def attack(at):
    os.chmod(at.canary, 0o600)
    return True
