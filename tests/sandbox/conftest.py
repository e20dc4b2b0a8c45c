"""One sandbox for all tests of a process: what one test does to it, the next would notice."""

import numpy as np
import pytest

from grader.exercise import Case, Request
from grader.sandbox.host import sandbox


@pytest.fixture(scope="session")
def place():
    with sandbox() as place:
        yield place


@pytest.fixture
def ask():
    """A request for a function of x, with as many cases as there are values."""

    def ask(name="f", values=(1.0, 2.0), limit_seconds=20.0):
        cases = tuple(
            Case(f"case {at}", ("y",), {"x": np.full((2, 3), value)})
            for at, value in enumerate(values)
        )
        return Request(name, "function", cases, limit_seconds)

    return ask


@pytest.fixture
def play(place, ask):
    """Play f, then g, which is always right, on cells that define f."""

    def play(*cells, **words):
        labelled = [(f"cell {at}", source) for at, source in enumerate(cells, 1)]
        sane = ("cell 99", "def g(x):\n    return 2 * x")
        return list(place.play([*labelled, sane], [ask(**words), ask("g")]))

    return play
