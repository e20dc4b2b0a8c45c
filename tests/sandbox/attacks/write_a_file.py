"""writing: change a file that everybody may write."""

from pathlib import Path


def attack(at):
    return Path(at.canary).write_text("changed")
