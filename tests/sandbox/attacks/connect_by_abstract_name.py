"""network: a socket without a file."""

import socket


def attack(at):
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect("\0" + at.abstract)
        return True
