import csv
import io

import pytest

from grader.visible import cell, visible


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  -2", "'  -2"),
        ("\uff1dcmd()", "'\uff1dcmd()"),
        ("\t=cmd()", "\\t=cmd()"),
        ("\r\n=cmd()", "\\r\\n=cmd()"),
        ("ada;=cmd()", "ada;'=cmd()"),
        ("a-b; c", "a-b; c"),
        ("ada\u202egnp", "ada\\u202egnp"),
        (-1.5, -1.5),
        (None, None),
    ],
)
def test_a_cell_is_no_formula_and_shows_what_it_is(text, safe):
    assert cell(text) == safe


@pytest.mark.parametrize("separator", [",", ";"])
def test_no_cell_begins_a_formula_whichever_sign_parts_the_columns(separator):
    file = io.StringIO()
    csv.writer(file).writerow([cell('a;=1;"b",=2'), cell("=3;+4"), 5])
    cells = next(csv.reader([file.getvalue()], delimiter=separator))
    assert not [text for text in cells if text.startswith(("=", "+"))]


def test_tabs_and_lines_of_a_text_stay_and_all_that_steers_is_escaped():
    assert visible("a\tb\nc") == "a\tb\nc"
    assert visible("\x1b[2J\x00\r\u2066\udc80") == "\\x1b[2J\\x00\\r\\u2066\\udc80"
