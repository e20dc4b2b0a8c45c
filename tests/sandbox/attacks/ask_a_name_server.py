"""network: a name that is looked up tells somebody.

No control: a machine without a network may not know the name
"""

import socket


def attack(at):
    return socket.getaddrinfo("localhost", 80)
