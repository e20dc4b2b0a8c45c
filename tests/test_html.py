import base64
import json
import re
from dataclasses import asdict, replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from grader.course import Course
from grader.report.html import feedback, index, page_of
from grader.result import (
    ArrayVerdict,
    Diagnosis,
    Finding,
    Grid,
    Report,
    Source,
    Status,
    Stopped,
    Verdict,
)
from grader.settle import settle
from grader.summary import summarise

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7 * 7 }}"
VERDICTS = (
    Verdict(
        "Affine",
        Status.PARTIAL,
        4,
        6,
        arrays=(ArrayVerdict("dx", True, 4, 4, 1e-16), ArrayVerdict("db", False, 0, 2, 0.8)),
        findings=(Finding("db", "wrong values", "at [0] yours 0.2754", "case 2 (other sizes)"),),
        diagnosis=Diagnosis("mean-for-sum", "exact", "You averaged over the `batch`.", "db"),
        notes=("dx is right, to a relative error of 1e-08",),
    ),
    Verdict(
        "Tanh",
        Status.STOPPED,
        0,
        8,
        findings=(Finding("", "raised", "cell 5: `x +` raised SyntaxError", "case 1"),),
        stopped=Stopped("raised", "cell 5: `x +` raised SyntaxError", 3),
    ),
    Verdict("ReLU", Status.MISSING, 0, 6),
)
REPORT = Report(
    *("ada", "layers", "ada/layers.ipynb", "sha256:1", "graded", None, 4.0, 20.0, "reference"),
    seconds=0.1,
    exercises=VERDICTS,
)
REJECTED = Report(
    *("bob", "", "bob.ipynb", "", "rejected", "The link leads nowhere.", 0.0, 0.0, "reference"),
    seconds=0.0,
)


class Page(HTMLParser):
    """The tags and attributes of a page, and whether they nest as they should."""

    VOID = ("meta", "br", "hr", "img", "link", "input")

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.open += [] if tag in self.VOID else [tag]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def fields(report):
    """As read back from the journal."""
    return settle(json.loads(json.dumps(asdict(report))), Course())


def class_report(*reports):
    return "".join(index(summarise([fields(one) for one in reports], "none", "0.1.0")))


def test_feedback_holds_everything_that_was_found():
    text = Page(feedback(fields(REPORT), "landlock+seccomp")).text
    for words in ("4 of 20 points", "You averaged over the", "wrong values", "at [0] yours 0.2754"):
        assert words in text
    assert text.count("raised SyntaxError") == 1
    assert "without isolation" not in text


def test_an_example_of_several_statements_stands_on_lines_of_its_own():
    detail = "already wrong for `x = Tensor(1.5); y = x * x; y.backward()`: x has 1.5, not `3.0`"
    finding = replace(VERDICTS[0].findings[0], detail=detail)
    page = feedback(
        fields(replace(REPORT, exercises=(replace(VERDICTS[0], findings=(finding,)),))), "none"
    )
    block = '<code class="block">x = Tensor(1.5)\ny = x * x\ny.backward()</code>'
    assert f"already wrong for {block}x has 1.5, not <code>3.0</code>" in page


GRID = Grid((3, 2), (1, 1), (".3", ".4", ".3"), 3)


def with_grid(grid):
    verdict = VERDICTS[0]
    finding = replace(verdict.findings[0], grid=grid)
    return fields(replace(REPORT, exercises=(replace(verdict, findings=(finding,)),)))


def test_feedback_shows_which_entries_are_wrong():
    page = Page(feedback(with_grid(GRID), "none"))
    labels = [attrs.get("aria-label") for tag, attrs in page.tags if tag == "svg"]
    assert labels == ["Wrong entries of db, case 2 (other sizes)"]
    assert "3 of 6 entries are wrong (crossed): those of [:, 1]" in page.text


def test_feedback_from_before_there_were_grids_can_still_be_made():
    told = with_grid(None)
    del told["exercises"][0]["findings"][0]["grid"]
    page = Page(feedback(told, "none"))
    assert "svg" not in [tag for tag, _ in page.tags]
    assert "at [0] yours 0.2754" in page.text


def test_a_rejected_submission_gets_a_page_that_says_why():
    assert "The link leads nowhere." in Page(feedback(fields(REJECTED), "none")).text


def test_the_class_report_counts_and_links():
    page = Page(class_report(REPORT, REJECTED))
    assert "Graded without isolation" in page.text
    links = {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    assert {"feedback/ada/layers.html", "feedback/bob/unknown.html", "results.json"} <= links


@pytest.mark.parametrize("render", [lambda one: feedback(fields(one), "none"), class_report])
def test_what_students_write_is_text_and_nothing_else(render):
    finding = Finding(EVIL, EVIL, EVIL, EVIL)
    verdict = Verdict(EVIL, Status.WRONG, 0, 6, findings=(finding,), notes=(EVIL,))
    stopped = Verdict(EVIL, Status.STOPPED, 0, 6, stopped=Stopped("raised", EVIL))
    graded = Report(EVIL, EVIL, EVIL, EVIL, "graded", EVIL, 0, 6, EVIL, 0, (verdict, stopped))
    rejected = Report(EVIL, EVIL, EVIL, EVIL, "rejected", EVIL, 0, 6, EVIL, 0, notes=(EVIL,))
    for page in (Page(render(graded)), Page(render(rejected))):
        tags = [tag for tag, _ in page.tags]
        assert "img" not in tags
        assert tags.count("script") == (render is class_report)
        assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on")]
        assert "49" not in page.text


STEERING = "ada\u202egnp.exe\x1b[2J\r\x00\ud800"


@pytest.mark.parametrize("render", [lambda one: feedback(fields(one), "none"), class_report])
def test_what_steers_the_display_is_shown_and_does_not_steer(render):
    source = Source(1, 1, (STEERING,), (1,))
    finding = Finding("dx", "wrong values", f"{STEERING} `{STEERING}`", STEERING, GRID)
    diagnosis = Diagnosis("mistake", "exact", f"`{STEERING}`", "dx")
    told = (STEERING, Status.WRONG, 0, 6, 0.1, (), (finding,), diagnosis, None, (STEERING,))
    names = (STEERING, "layers", STEERING, "sha256:1", "graded", None, 0, 6, "reference", 0.1)
    page = render(Report(*names, (Verdict(*told, source=source),), (STEERING,)))
    assert not re.search("[\\x00-\\x08\\x0b-\\x1f\u202e\ud800]", page)
    assert r"ada\u202egnp.exe\x1b[2J\r\x00\ud800" in page


def test_letters_of_every_alphabet_stay():
    name = "Zoë Ångström 王芳 שרה می\u200cرود 👩\u200d💻"
    assert name in feedback(fields(replace(REPORT, student=name)), "none")


@pytest.mark.parametrize("page", [feedback(fields(REPORT), "none"), class_report(REPORT, REJECTED)])
def test_a_page_stands_alone_and_can_be_read_by_machines(page):
    parsed = Page(page)
    (policy,) = [attrs["content"] for _, attrs in parsed.tags if "http-equiv" in attrs]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digests = [base64.b64encode(sha256(one.encode()).digest()).decode() for one in scripts]
    assert re.findall("script-src '(.*?)'", policy) == [f"sha256-{one}" for one in digests]
    assert not re.search(r"https?://|url\(|@import", page)
    assert [attrs for tag, attrs in parsed.tags if tag == "html"] == [{"lang": "en"}]
    ids = [attrs["id"] for _, attrs in parsed.tags if "id" in attrs]
    wanted = [a["aria-labelledby"] for _, a in parsed.tags if "aria-labelledby" in a]
    assert len(ids) == len(set(ids))
    assert set(wanted) <= set(ids)
    assert all("scope" in attrs for tag, attrs in parsed.tags if tag == "th")


@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "",
        "../../etc/passwd",
        "a/b",
        "a\\b",
        "Zoë, the 1st",
        "王芳",
        "x" * 500,
        "nul",
        "\0",
    ],
)
def test_a_page_stays_in_its_folder_whatever_the_students_name(name):
    feedback_folder, student, page = page_of(name, name).parts
    assert feedback_folder == "feedback"
    assert student.strip(".")
    assert not set("/\\\0:*?<>|,") & set(student + page)
    assert len(page.encode()) < 200


def test_students_whose_names_look_alike_have_pages_of_their_own():
    names = ["a b", "a_b", "a,b", "a/b", "é", "e\u0301", "x" * 100, "x" * 101, ".", ".."]
    assert len({page_of(name, "layers") for name in names}) == len(names)
