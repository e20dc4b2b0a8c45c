"""kernel: process_vm_readv, here on itself."""

import ctypes
import os
import struct


def attack(at):
    secret, copy = ctypes.create_string_buffer(b"secret"), ctypes.create_string_buffer(6)
    local = struct.pack("QQ", ctypes.addressof(copy), 6)
    remote = struct.pack("QQ", ctypes.addressof(secret), 6)
    libc = ctypes.CDLL(None)
    return libc.process_vm_readv(os.getpid(), local, 1, remote, 1, 0) == 6
