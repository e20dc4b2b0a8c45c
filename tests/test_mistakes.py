import ast
from pathlib import Path

import pytest
from click.testing import CliRunner

from grader.cli import cli
from grader.mistakes import MISTAKES
from grader.mutants import mutants

LAYER = """\
class Layer:
    def __init__(self, slope=0.01):
        self.slope = slope

    def backward(self, upstream):
        {}

    def forward(self, x):
        self.x = x
        self.y = x
        return x
"""


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)
def test_a_mistake_does_what_its_example_says(mistake):
    page = LAYER.format(mistake.before.replace("\n", "\n        "))
    made = mutants(page, "Layer", [mistake])
    bodies = [ast.unparse(ast.parse(one.source).body[0].body[1].body) for one in made]
    assert (mistake.after or "pass") in bodies


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
