"""kernel: mount.

No control: it takes privileges
"""

import ctypes


def attack(at):
    return ctypes.CDLL(None).mount(b"none", at.folder.encode(), b"tmpfs", 0, None) == 0
