import ast
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.mistakes.catalogue import MISTAKES
from grader.mutants import mutants

LAYER = """\
class Layer:
    def __init__(self, slope=0.01):
        self.slope = slope

    def backward(self, upstream):
        {}

    def forward(self, x):
        self.x = x
        {}
        return x
"""


ALIKE = {"x": np.ones((2, 3)), "y": np.ones((2, 3))}


def observed(source, stub):
    """What a run of the examples' layer would show."""
    return {
        "self": SimpleNamespace(**ALIKE),
        "upstream": np.ones((2, 3)),
        "n": 3,
        "rows": np.arange(2),
        "np": np,
    }


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_does_what_its_example_says(mistake):
    before = mistake.before.replace("\n", "\n        ")
    in_place = ("return self.x", before) if mistake.in_forward else (before, "self.y = x")
    page = LAYER.format(*in_place)
    method = "wrong_forward" if mistake.in_forward else "backward"
    made = list(mutants(page, "Layer", [mistake], observed))
    bodies = [body_of(one.source, method) for one in made]
    assert any((mistake.after or "pass") in text for text in bodies)


def body_of(source, method):
    definition = ast.parse(source).body[0]
    return next(ast.unparse(one.body) for one in definition.body if vars(one).get("name") == method)


def test_with_a_run_in_view_only_what_is_alike_is_exchanged():
    page = LAYER.format("return upstream * self.slope * self.x", "self.y = x")
    another = [one for one in MISTAKES if one.name == "another-array"]
    made = {one.after for one in mutants(page, "Layer", another, observed)}
    assert {"self.y", "upstream"} <= made
    assert not {"self.slope", "self.kept_twice"} & made


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_hint_gives_no_formula_away(mistake):
    words = mistake.nudge + mistake.place + mistake.nature
    assert not set(words) & set("*@=[]")


def test_names_of_mistakes_are_unique():
    names = [mistake.name for mistake in MISTAKES]
    assert len(set(names)) == len(names)


def test_the_printed_catalogue_is_up_to_date():
    printed = CliRunner().invoke(cli, ["mistakes"]).stdout
    page = Path(__file__).parent.parent / "docs" / "mistakes.md"
    assert page.read_text() == printed, "run: grader mistakes > docs/mistakes.md"
