"""network: a netlink socket lists interfaces and routes."""

import socket


def attack(at):
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW):
        return True
