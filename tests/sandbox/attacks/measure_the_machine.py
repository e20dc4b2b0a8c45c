"""kernel: load and free memory tell what others do."""

import ctypes


def attack(at):
    return ctypes.CDLL(None).sysinfo(ctypes.create_string_buffer(256)) == 0
