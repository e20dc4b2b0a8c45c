"""reading: map the file instead of reading it."""

import mmap


def attack(at):
    with open(at.canary, "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as view:
        return view[:]
