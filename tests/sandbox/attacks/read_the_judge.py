"""reading: the source of the grader."""

from pathlib import Path


def attack(at):
    return Path(at.checkout, "grader", "result.py").read_text()
