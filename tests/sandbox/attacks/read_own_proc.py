"""reading: this process's own maps, descriptors and environment file."""

from pathlib import Path


def attack(at):
    return Path("/proc/self/maps").read_text()
