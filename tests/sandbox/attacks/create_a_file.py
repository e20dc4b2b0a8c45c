"""writing: a new file."""

from pathlib import Path


def attack(at):
    return Path(at.folder, "new").write_text("new")
