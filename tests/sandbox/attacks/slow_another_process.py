"""signals: lower another process's priority."""

import os


def attack(at):
    os.setpriority(os.PRIO_PROCESS, at.victim, 19)
    return True
