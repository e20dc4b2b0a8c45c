"""reading: the answers, where a checkout keeps them."""

from pathlib import Path


def attack(at):
    return Path(at.checkout, "reference", "layers.py").read_text()
