from pathlib import Path

import pytest
from test_html import REJECTED, REPORT, fields

from grader.report.terminal import progress, render, report, summary
from grader.result import Finding, Status, Verdict
from grader.summary import summarise

GOLDEN = Path(__file__).parent / "golden"

TEXT = """\
Linear                                                   partial   4 / 6
  db  wrong values: at [0] yours 0.2754, expected 1.377
"""


def test_a_verdict_reads_like_this():
    finding = Finding("db", "wrong values", "at [0] yours 0.2754, expected 1.377", "case 1")
    assert render(Verdict("Linear", Status.PARTIAL, 4, 6, findings=(finding,))) == TEXT


@pytest.mark.parametrize(
    ("name", "text"),
    [
        pytest.param("report.txt", report(REPORT), id="report"),
        pytest.param("rejected.txt", report(REJECTED), id="rejected"),
        pytest.param(
            "summary.txt",
            summary(summarise([fields(REPORT), fields(REJECTED)], "none", "0.1.0")),
            id="summary",
        ),
    ],
)
def test_what_the_terminal_shows_reads_like_its_golden_file(name, text):
    assert text == (GOLDEN / name).read_text(encoding="utf-8")


def test_a_student_cannot_command_the_terminal():
    evil = "\x1b[2J\x1b]0;owned\x07\r\u202e"
    text = render(Verdict(evil, Status.WRONG, 0, 6, findings=(Finding(evil, evil, evil, evil),)))
    assert not set("\x1b\x07\r\u202e") & set(text)


def test_progress_passes_everything_on_and_is_silent_where_nobody_looks(capsys):
    assert list(progress(iter([1, 2, 3]), 3)) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")
