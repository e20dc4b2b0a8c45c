"""reading: the memory of the process that knows the answers.

No control: the kernel may restrict tracing to descendants
"""


def attack(at):
    with open(f"/proc/{at.victim}/mem", "rb") as memory:
        return memory.fileno() >= 0
