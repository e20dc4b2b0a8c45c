"""Pictures of wrong arrays. How they look is for people: build/screenshots."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from grader.report.arrays import MAX_COLUMNS, MAX_ROWS, Picture, draw

WANT = np.array([[1.0, -2.0, 0.0], [0.5, 4.0, -1.0]])


def picture(got, want=WANT, wrong=None):
    got, want = np.asarray(got, float), np.asarray(want, float)
    if wrong is None and got.shape == want.shape:
        wrong = ~(np.abs(got - want) <= 1e-6)
    return Picture("dW", "case 1 <b>", got, want, wrong)


def crosses(svg):
    return sum(len(re.findall("M", path.get("d"))) for path in svg.iter("path"))


def squares(svg):
    return len(list(svg.iter("rect")))


def test_every_wrong_entry_has_a_cross():
    got = WANT.copy()
    got[0, 1], got[1, 2] = 7, np.nan
    svg = ElementTree.fromstring(draw(picture(got)))
    assert (squares(svg), crosses(svg)) == (12, 2)


def test_it_says_in_words_what_it_shows():
    svg = ElementTree.fromstring(draw(picture(-WANT)))
    title, description = svg.find("title"), svg.find("desc")
    assert svg.get("role") == "img"
    assert svg.get("aria-labelledby").split() == [title.get("id"), description.get("id")]
    assert (title.text, description.text) == ("dW, case 1 <b>", "5 of 6 entries are wrong")


def test_lines_and_words_have_the_colour_of_the_page_around():
    text = draw(picture(-WANT))
    assert set(re.findall(r'stroke="([^"]+)"', text)) == {"currentColor"}
    assert {"white", "black"}.isdisjoint(re.findall(r'fill="([^"]+)"', text))


@pytest.mark.parametrize(
    ("got", "want"),
    [
        pytest.param(WANT.T, WANT, id="transposed"),
        pytest.param(3.0, WANT, id="a number"),
        pytest.param(np.ones((2, 3, 4)), WANT, id="three axes"),
        pytest.param(np.ones((0, 3)), WANT, id="empty"),
        pytest.param(np.full((2, 3), np.inf), WANT, id="infinite"),
        pytest.param(np.zeros((2, 3)), np.zeros((2, 3)), id="zeros"),
        pytest.param(np.ones((2, 2, 2, 2)), 2 * np.ones((2, 2, 2, 2)), id="four axes"),
    ],
)
def test_any_two_arrays_have_a_picture(got, want):
    svg = ElementTree.fromstring(draw(picture(got, want)))
    assert float(svg.get("width")) < 640
    assert squares(svg) >= 2


def test_of_a_large_array_the_part_with_the_first_wrong_entry_is_shown():
    want, got = np.ones((200, 100)), np.ones((200, 100))
    got[150, 90] = 2
    text = draw(picture(got, want))
    svg = ElementTree.fromstring(text)
    assert (squares(svg), crosses(svg)) == (2 * MAX_ROWS * MAX_COLUMNS, 1)
    assert "yours (200, 100), a part" in text
    assert len(text) < 60_000
