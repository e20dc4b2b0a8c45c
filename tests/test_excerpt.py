import pytest

from grader.excerpt import MAX_LINES, excerpt
from grader.notebook import Cell
from grader.result import ArrayVerdict, Finding, Source, Status, Stopped, Verdict

AFFINE = """\
import numpy as np

class Affine:
    '''y = x W + b.
'''

    def forward(self, x):
        return x @ self.W + self.b

    def backward(self, upstream):
        self.db = upstream.mean(axis=0)
        return upstream @ self.W.T

check(Affine)"""


def verdict(status=Status.PARTIAL, wrong=(), **fields):
    arrays = tuple(ArrayVerdict(name, name not in wrong, 0, 2, None) for name in ("dx", "dW", "db"))
    return Verdict("Affine", status, 0, 6, arrays=arrays, **fields)


def picked(text, one):
    return excerpt([Cell("code", "x = 1", 1), Cell("code", text, 2)], one)


def marked(text, one):
    found = picked(text, one)
    return [found.lines[line - found.first_line].strip() for line in found.marked]


def test_an_exercise_is_picked_out_of_its_cell():
    found = picked(AFFINE, verdict())
    assert (found.cell, found.first_line) == (2, 3)
    assert found.lines[0] == "class Affine:"
    assert found.lines[-1] == "        return upstream @ self.W.T"


def test_the_last_definition_counts_and_names_that_only_begin_alike_do_not():
    later = Cell("code", "class AffineLayer: pass\ndef Affine(): return 2", 3)
    found = excerpt([Cell("code", AFFINE, 2), later], verdict())
    assert found == Source(3, 2, ("def Affine(): return 2",))
    assert excerpt([Cell("code", "class AffineLayer: pass", 1)], verdict()) is None


@pytest.mark.parametrize(
    ("wrong", "lines"),
    [
        (["db"], ["self.db = upstream.mean(axis=0)"]),
        (["dx"], ["return upstream @ self.W.T"]),
        ([], []),
    ],
)
def test_the_line_that_makes_a_wrong_array_is_marked(wrong, lines):
    assert marked(AFFINE, verdict(wrong=wrong)) == lines


def test_nothing_is_marked_where_the_cause_lies_elsewhere():
    findings = (Finding("", "cannot learn yet", "Affine.backward is not right yet", ""),)
    assert marked(AFFINE, verdict(wrong=("db",), findings=findings)) == []


def test_the_line_that_raised_is_marked_if_it_is_in_this_cell():
    def stopped(cell):
        told = Stopped("raised", f"Affine.backward, cell {cell}, line 11: `x` raised ...", 11)
        return verdict(Status.STOPPED, stopped=told)

    assert marked(AFFINE, stopped(2)) == ["self.db = upstream.mean(axis=0)"]
    assert marked(AFFINE, stopped(7)) == []


def test_a_function_given_a_name_is_an_exercise_too():
    assert picked("Affine = lambda x: x\ny = 1", verdict()).lines == ("Affine = lambda x: x",)


def test_a_text_without_end_is_cut():
    text = "class Affine:\n" + "    x = 1\n" * 10_000
    assert len(picked(text, verdict()).lines) == MAX_LINES


def test_a_return_that_hands_over_a_name_stands_for_the_lines_that_set_it():
    text = AFFINE.replace(
        "return upstream @ self.W.T", "g = upstream\n        g[g < 0] = 0\n        return g"
    ).replace("return x @ self.W", "g = x\n        return x @ self.W")
    assert marked(text, verdict(wrong=("dx",))) == ["g = upstream", "g[g < 0] = 0"]


def test_a_return_of_several_things_that_computes_none_is_not_blamed():
    text = AFFINE.replace("return upstream @ self.W.T", "return g, h")
    assert marked(text, verdict(wrong=("dx",))) == []
