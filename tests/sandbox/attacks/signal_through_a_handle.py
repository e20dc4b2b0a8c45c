"""signals: by a descriptor of the process."""

import os
import signal


def attack(at):
    signal.pidfd_send_signal(os.pidfd_open(at.victim), signal.SIGTERM)
    return True
