"""processes: run another program without fork."""

import os


def attack(at):
    child = os.posix_spawn("/bin/true", ["true"], {})
    return os.waitpid(child, 0)
