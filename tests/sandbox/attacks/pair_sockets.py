"""network: a pair of sockets passes descriptors along."""

import socket


def attack(at):
    ours, theirs = socket.socketpair()
    ours.close()
    theirs.close()
    return True
