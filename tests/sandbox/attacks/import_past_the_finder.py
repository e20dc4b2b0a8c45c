"""reading: a library that differentiates, past the finder that says it is not there."""

import sys
from importlib.machinery import BuiltinImporter, FrozenImporter, PathFinder


def attack(at):
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, PathFinder]
    from scipy.differentiate import jacobian

    return jacobian
