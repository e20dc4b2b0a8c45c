"""processes: run another program."""

import subprocess


def attack(at):
    return subprocess.run(["/bin/echo", "hi"], check=True, capture_output=True).stdout
