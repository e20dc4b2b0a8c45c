"""What students get back holds nothing of the reference, of hidden cases, or of other students."""

import html
import json
import re
from dataclasses import asdict, replace

import numpy as np
import pytest
from classroom import ROOT, SECRET, solution
from classroom import write as notebook
from handed_out import results

from grader.assignment import load
from grader.course import Course
from grader.export.autograded import comment
from grader.export.formats import write
from grader.notebook import read
from grader.oracle import reference_key
from grader.pipeline import grade
from grader.publish import publish
from grader.shrink import KINDS, example_of
from grader.submission import find

WRONG = {
    "layers": {"upstream.sum(axis=0)": "upstream.mean(axis=0)"},
    "losses": {" / len(self.z)": ""},
    "engine": {"gradients[parent] + unbroadcast": "unbroadcast", "self.shape)": "self.shape) + 1"},
}
ENTRY = re.compile(r"yours (\S+), expected (\S+)")
NUMBER = re.compile(r"\d+\.\d{2,}(?:e-?\d+)?")
SHORT = 12  # letters; a shorter line may be anybody's
OTHERS = ("zacharias", "wilhelmine")


@pytest.fixture(scope="module")
def engine():
    """Without suspects, which take long; what they say is in the catalogue of mistakes."""
    return reference_key(load(ROOT / "reference/engine.py"), SECRET)


@pytest.fixture(scope="module", params=sorted(WRONG))
def graded(request, tmp_path_factory, key_of, engine, box):
    """The key, and ada's report without her own code."""
    slug, folder = request.param, tmp_path_factory.mktemp("in")
    sources = list(solution(slug))
    for old, new in WRONG[slug].items():
        assert any(old in text for text in sources)
        sources = [text.replace(old, new) for text in sources]
    notebook(folder / f"ada/{slug}/{slug}.ipynb", sources, slug)
    key = engine if slug == "engine" else key_of(slug)
    (one,) = find([folder], {slug: [one.exercise.name for one in key.exercises]}, folder)
    report = grade(one, key, box).report
    assert report.status == "graded"
    assert any(one.findings for one in report.exercises)
    bare = tuple(replace(one, source=None) for one in report.exercises)
    return key, replace(report, exercises=bare)


@pytest.fixture
def told(graded, tmp_path):
    """Every text about ada that a student may read; the others handed in the same."""
    _, report = graded
    folder, alone = tmp_path / "graded", tmp_path / "alone"
    folder.mkdir()
    reports = [report, *(replace(report, student=name, path=name) for name in OTHERS)]
    publish(folder, map(asdict, reports), Course(), ("0.1.0", "none"), pytest.fail)
    page = (folder / f"feedback/ada/{report.assignment}.html").read_text()
    (sheet,) = write("moodle", folder, None, None)
    (row,) = [line for line in sheet.read_text().split("\n") if line.startswith("ada")]
    results(alone, report)
    (gradescope,) = write("gradescope", alone, None, None)
    fields = [asdict(one) for one in report.exercises]
    text = html.unescape(re.sub("<(style|svg).*?</\\1>|<[^>]+>", "", page, flags=re.DOTALL))
    return {
        "page": text,
        "moodle": html.unescape(row),
        "gradescope": "\n".join(words(json.loads(gradescope.read_text()))),
        "nbgrader": html.unescape("\n".join(map(comment, fields))),
    }


def words(value):
    if isinstance(value, dict | list):
        parts = value.values() if isinstance(value, dict) else value
        return [text for part in parts for text in words(part)]
    return [str(value)]


def test_no_line_of_the_reference_is_given_back(graded, told):
    slug = graded[0].assignment
    handed_out = {c.source for c in read(ROOT / f"assignments/{slug}/{slug}.ipynb").cells}
    public = {line.strip() for source in handed_out for line in source.split("\n")}
    solved = {line.strip() for source in solution(slug) for line in source.split("\n")}
    secret = {line for line in solved - public if len(line) > SHORT}
    assert len(secret) >= len(graded[0].exercises)
    assert [(where, line) for where, text in told.items() for line in secret if line in text] == []


def test_no_other_student_is_named(told):
    assert [(where, name) for where, text in told.items() for name in OTHERS if name in text] == []


def test_a_finding_shows_one_entry_and_no_other_number_of_its_case(graded):
    key, report = graded
    cases = {
        (one.exercise.name, each.case.name): each for one in key.exercises for each in one.cases
    }
    told = [(one.name, finding) for one in report.exercises for finding in one.findings]
    rest = [(name, finding, *ENTRY.subn("", finding.detail)) for name, finding in told]
    assert max(entries for *_, entries in rest) == 1
    shown = [
        (finding, set(NUMBER.findall(text)) & numbers(cases[name, finding.case]))
        for name, finding, text, _ in rest
        if (name, finding.case) in cases
    ]
    assert shown
    assert [one for one in shown if one[1]] == []


def numbers(one):
    """All numbers of a case and of its answers, as findings write them."""
    case, expected = one.case, (each.array for each in one.expected.values())
    given = (case.inputs, case.params, case.others)
    arrays = [*(array for some in given for array in some.values()), *expected]
    arrays += [] if case.upstream is None else [case.upstream]
    flat = [float(value) for array in arrays for value in np.abs(np.ravel(array)).astype(float)]
    return {text for value in flat for text in (f"{value:.4g}", str(round(value, 4)))}


def test_a_small_graph_has_numbers_of_its_own(engine):
    drawn = [one for one in engine.exercises if one.exercise.kind in KINDS]
    pairs = [(each.case, example_of(each.case)) for one in drawn for each in one.cases]
    assert len(pairs) > len(drawn)
    for case, example in pairs:
        hidden = {round(value, 2) for value in case.inputs[case.answers[0]].tolist()}
        same = [value for value in example.row.tolist() if round(value, 2) in hidden]
        assert len(same) < max(1, example.row.size)
