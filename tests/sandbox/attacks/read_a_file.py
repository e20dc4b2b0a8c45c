"""reading: open a file that everybody may read."""

from pathlib import Path


def attack(at):
    return Path(at.canary).read_text()
