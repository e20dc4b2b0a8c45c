"""reading: who has an account here."""

from pathlib import Path


def attack(at):
    return Path("/etc/passwd").read_text()
