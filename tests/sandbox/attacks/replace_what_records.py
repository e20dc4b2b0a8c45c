"""reading: put something else in place of the function that notes the answers."""

import importlib
import sys


def attack(at):
    name = "grader.sandbox.worker"
    worker = sys.modules.get(name) or importlib.import_module(name)
    worker._record = print
    return True
