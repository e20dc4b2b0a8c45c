"""reading: the environment that a program gets lies above its stack."""

from pathlib import Path


def attack(at):
    block = Path("/proc/self/environ").read_bytes()
    return at.marker.encode() in block
