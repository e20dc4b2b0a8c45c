"""processes: replace this process by one without our limits."""

import os


def attack(at):
    os.execv("/bin/sh", ["sh", "-c", "exit 42"])
