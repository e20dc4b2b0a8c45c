"""The sample class, graded by the command of the README, gets the verdicts noted beside it.

expected.json of a student: by assignment and exercise the status, the score and the wrong arrays;
and the mistake, in the words of the assignment's page in docs/, which says how often it is made.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.assignment import find

ROOT = Path(__file__).parent.parent
CLASS = ROOT / "submissions"
WITH_TORCH = ROOT / "submissions-torch"  # apart, so that the demo needs no torch
FOLDERS = (CLASS, *([WITH_TORCH] if find_spec("torch") else []))
PAGES = {slug: ROOT / "docs" / f"{slug}.md" for slug in find(ROOT / "reference")}
SLUGS = [slug for slug, page in PAGES.items() if page.exists()]
ROW = re.compile(r"^\| (.+) \| .+ \| (\d+) of (\d+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    out = tmp_path_factory.mktemp("graded")
    command = [sys.executable, "-m", "grader", "run", *FOLDERS, "--out", out, "--workers", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    submissions = json.loads((out / "results.json").read_text())["submissions"]
    return {(one["student"], one["assignment"]): one for one in submissions}


def hand_ins(folders=(CLASS, WITH_TORCH)):
    """Student, assignment and what is expected of every exercise."""
    for path in sorted(path for folder in folders for path in folder.glob("*/expected.json")):
        for assignment, exercises in json.loads(path.read_text()).items():
            yield path.parent.name, assignment, exercises


def expectations():
    for student, assignment, exercises in hand_ins(FOLDERS):
        yield pytest.param(student, assignment, exercises, id=f"{student}-{assignment}")


@pytest.mark.xdist_group("sample class")
@pytest.mark.parametrize(("student", "assignment", "exercises"), list(expectations()))
def test_a_student_gets_the_expected_verdicts(results, student, assignment, exercises):
    report = results[student, assignment]
    expected = {name: without_mistake(one) for name, one in exercises.items()}
    assert {one["name"]: seen(one) for one in report["exercises"]} == expected
    assert report["score"] == sum(one["score"] for one in exercises.values())


def without_mistake(expected):
    return {field: value for field, value in expected.items() if field != "mistake"}


def seen(verdict):
    checked = verdict["status"] in ("correct", "partial", "wrong")
    wrong = [one["name"] for one in verdict["arrays"] if checked and not one["correct"]]
    return {"status": verdict["status"], "score": verdict["score"], "wrong": wrong}


@pytest.mark.xdist_group("sample class")
def test_nothing_was_handed_in_without_an_expected_verdict(results):
    assert results.keys() == {(student, slug) for student, slug, _ in hand_ins(FOLDERS)}


def test_the_sample_class_holds_at_least_ten_students():
    assert len(list(CLASS.glob("*/expected.json"))) >= 10


@pytest.mark.parametrize("slug", SLUGS)
def test_every_assignment_is_handed_in_right_and_wrong(slug):
    ways = [
        {one["status"] for one in exercises.values()}
        for _, assignment, exercises in hand_ins()
        if assignment == slug
    ]
    assert {"correct"} in ways
    assert any(way & {"partial", "wrong", "stopped"} for way in ways)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_page_for_instructors_counts_the_mistakes_of_the_class(slug):
    """A student makes a mistake once, in however many exercises."""
    of_slug = [exercises for _, assignment, exercises in hand_ins() if assignment == slug]
    made = Counter(
        mistake
        for exercises in of_slug
        for mistake in {one["mistake"] for one in exercises.values() if "mistake" in one}
    )
    told = {
        words: (int(times), int(of)) for words, times, of in ROW.findall(PAGES[slug].read_text())
    }
    assert told
    assert made.keys() <= told.keys()
    assert told == {words: (made[words], len(of_slug)) for words in told}
