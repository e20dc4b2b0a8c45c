"""memory: 4 GB of shared pages (which are never touched)."""

import mmap


def attack(at):
    with mmap.mmap(-1, 4 << 30) as view:
        return len(view)
