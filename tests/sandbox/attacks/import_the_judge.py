"""reading: import what compares answers."""

import importlib
import sys


def attack(at):
    sys.path.insert(0, at.checkout)
    sys.modules.pop("grader.result", None)
    return importlib.import_module("grader.result").Reply
