"""talking: learn when other submissions are opened."""

import ctypes


def attack(at):
    libc = ctypes.CDLL(None)
    return libc.inotify_add_watch(libc.inotify_init(), at.folder.encode(), 0xFFF) >= 0
