"""network: call a server."""

import socket


def attack(at):
    with socket.create_connection(("127.0.0.1", at.port), timeout=1):
        return True
