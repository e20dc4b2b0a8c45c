"""signals: end another process of the same user."""

import os
import signal


def attack(at):
    os.kill(at.victim, signal.SIGTERM)
    return True
