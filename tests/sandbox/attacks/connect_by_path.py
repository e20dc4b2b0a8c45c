"""network: a socket in the file system."""

import socket


def attack(at):
    with socket.socket(socket.AF_UNIX) as caller:
        caller.connect(at.socket)
        return True
