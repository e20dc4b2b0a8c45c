"""processes: a thread that outlives the question."""

import threading


def attack(at):
    found = []
    thread = threading.Thread(target=found.append, args=(1,))
    thread.start()
    thread.join()
    return found
