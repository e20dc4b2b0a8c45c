"""What is kept of a wrong array for its picture, and the picture. No value of it is in either."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.compare import MAX_CELLS, grid
from grader.key import Expected
from grader.report.grids import draw, in_words
from grader.result import Grid

WANT = np.array([[1.0, -2.0, 0.0], [0.5, 4.0, -1.0]])


def of(got, want=WANT, size=4.0):
    return grid(Expected(np.asarray(want, float), size), np.asarray(got))


def crosses(svg):
    return sum(len(re.findall("M", path.get("d"))) for path in svg if path.get("fill") == "none")


def test_a_cell_says_by_how_much_its_entry_is_wrong_and_nothing_of_its_value():
    off = np.array([[0.0, 0.02, 0.2], [2.0, 40.0, np.nan]])
    assert of(WANT + off) == Grid((2, 3), (1, 1), (".12", "34x"), 5)


def test_what_is_right_within_the_tolerance_is_not_wrong():
    assert of(WANT.astype(np.float32) * np.float32(1 + 1e-6)).rows == ("...", "...")


@pytest.mark.parametrize("got", [WANT.T, WANT[0], 3.0, np.zeros((0, 3))])
def test_where_entries_cannot_be_compared_there_is_no_grid(got):
    assert of(got) is None


def test_a_single_number_has_no_grid():
    assert of([2.0], [1.0]) is None


@pytest.mark.parametrize("shape", [(1000, 700), (5000,), (3, 40, 50, 60), (25, 1), (2, 3, 4)])
def test_a_grid_is_small_however_large_the_array_and_loses_no_wrong_entry(shape):
    got, want = np.zeros(shape), np.zeros(shape)
    got.flat[-1] = 0.2
    found = of(got, want)
    assert len(found.rows) <= MAX_CELLS
    assert max(map(len, found.rows)) <= MAX_CELLS
    assert (found.rows[-1][-1], "".join(found.rows).count("3"), found.wrong) == ("2", 0, 1)


def test_the_picture_has_a_cross_on_each_wrong_entry_larger_where_it_is_further_off():
    svg = ElementTree.fromstring(draw(Grid((2, 3), (1, 1), (".14", "..x"), 3), "dW, <case 1>"))
    assert (svg.get("role"), svg.get("aria-label")) == ("img", "dW, <case 1>")
    (path,) = [one.get("d") for one in svg if one.get("fill") == "none"]
    arms = [float(arm) for arm in re.findall(r"l([\d.]+) ", path)]
    assert len(arms) == 3
    assert arms == sorted(set(arms))


def test_the_picture_has_the_colours_of_the_page_around():
    text = draw(Grid((2, 3), (1, 1), (".12", "34x"), 5), "dW")
    assert set(re.findall(r'stroke="([^"]+)"', text)) == {"currentColor"}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        pytest.param(Grid((2, 3), (1, 1), ("333", "134"), 6), "All 6 entries are wrong", id="all"),
        pytest.param(Grid((2, 3), (1, 1), ("..3", "..3"), 2), "those of [:, 2]", id="column"),
        pytest.param(Grid((2, 3), (1, 1), ("...", "xxx"), 3), "those of [1, :]", id="row"),
        pytest.param(Grid((2, 3), (1, 1), ("..2", "..."), 1), "1 of 6 entries is wrong", id="one"),
        pytest.param(Grid((2, 3), (1, 1), ("..2", "..."), 1), "off by 1 to 10 %", id="how far"),
        pytest.param(Grid((2, 3), (1, 1), ("..x", "..."), 1), "not finite", id="not finite"),
        pytest.param(Grid((90,), (1, 4), ("..3",), 2), "1 by 4 entries", id="coarse"),
    ],
)
def test_it_is_said_in_words_too(found, words):
    assert words.lower() in in_words(found).lower()
