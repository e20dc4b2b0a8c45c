"""network: offer a service."""

import socket


def attack(at):
    with socket.create_server(("127.0.0.1", 0)):
        return True
