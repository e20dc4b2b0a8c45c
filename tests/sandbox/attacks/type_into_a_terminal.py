"""limits: TIOCSTI, where a terminal is within reach."""

import ctypes
import errno


def attack(at):
    code = ctypes.CDLL(None, use_errno=True).ioctl(0, 0x5412, b"x")
    return code == 0 or ctypes.get_errno() != errno.EPERM
