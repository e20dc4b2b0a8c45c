"""limits: set limits anew."""

import resource


def attack(at):
    resource.setrlimit(resource.RLIMIT_CPU, resource.getrlimit(resource.RLIMIT_CPU))
    return True
