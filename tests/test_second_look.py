"""After the first run: grade a part again, apply other rules, compare, all by the command."""

import json
import os
import subprocess
import sys

import pytest
from classroom import REFERENCE, ROOT, SECRET, solved
from handed_out import LOOPED, PARTIAL, REJECTED, REPORT, RIGHT, report, results

from grader.course import Course, Override
from grader.difference import difference, text

RULES = """
[late]
percent_per_day = 10
[assignment.losses]
due = 2026-01-10T12:00:00Z
[[override]]
student = "ada"
assignment = "losses"
exercise = "MSELoss"
points = 1
[[override]]
student = "nobody"
assignment = "losses"
points = 1
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A class of two, graded once."""
    place = tmp_path_factory.mktemp("place")
    for student in ("ada", "bob"):
        path = solved(place / f"in/{student}/losses/losses.ipynb", "losses")
        (path.parent / "timestamp.txt").write_text("2026-01-11 11:00:00 UTC")
    run(place)
    return place


def grader(place, *words, code=0):
    names = {name: str(place / name) for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")}
    done = subprocess.run(
        [sys.executable, "-m", "grader", *map(str, words)],
        cwd=place,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "GRADER_SECRET": SECRET, **names},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == code, done.stderr
    return done


def run(place, *words, code=0):
    return grader(place, "run", "in", "--reference", REFERENCE, "--workers", 1, *words, code=code)


def scores(place):
    found = json.loads((place / "graded/results.json").read_text())["submissions"]
    return {one["student"]: (one["score"], one["final_score"]) for one in found}


def lines(place):
    return (place / "graded/journal.jsonl").read_text().count("\n")


def test_a_part_is_graded_again_and_the_rest_stands(place):
    before, journal = scores(place), lines(place)
    run(place, "--student", "ada", "--exercise", "MSELoss")
    assert (scores(place), lines(place)) == (before, journal + 1)


def test_who_changed_the_work_is_graded_whole_and_the_others_are_kept(place):
    solved(place / "in/bob/losses/losses.ipynb", "losses", "return 2 * ", "return ")
    run(place, "--student", "ada")
    found = json.loads((place / "graded/results.json").read_text())["submissions"]
    notes = {one["student"]: one["notes"] for one in found}
    assert notes["ada"] == []
    assert "from an earlier run" in notes["bob"][0]
    run(place, "--student", "bob", "--exercise", "MSELoss")
    assert scores(place)["bob"][0] < 40


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--student", "adda"], "no student is called adda; did you mean ada?"),
        (["--assignment", "loses"], "no assignment is called loses; did you mean losses?"),
        (["--exercise", "MSEloss"], "no exercise is called MSEloss; did you mean MSELoss?"),
    ],
)
def test_a_name_that_nobody_has_suggests_one(place, words, says):
    assert says in run(place, *words, code=2).stderr


def test_other_rules_need_no_grading(place):
    (place / "in/course.toml").write_text(RULES)
    done = grader(place, "report", "--course", "in/course.toml")
    assert "the override for nobody in losses is for nobody" in done.stderr
    raw, final = scores(place)["ada"]
    assert (raw, final) == (40, 31.5)
    run(place)
    assert scores(place)["ada"] == (40, 31.5)
    page = (place / "graded/feedback/ada/losses.html").read_text()
    assert "Late by 23 hours" in page
    assert "3.5 points" in page


def test_a_score_that_changed_is_told_with_its_reason(tmp_path):
    old = results(tmp_path / "old", REPORT, report("bob", RIGHT), REJECTED)
    rules = Course(overrides=(Override("bob", "layers", "ReLU", 3),))
    new = results(
        tmp_path / "new", report("ada", LOOPED, RIGHT), report("bob", RIGHT), course=rules
    )
    assert text(difference(old, new)).splitlines() == [
        "ada, layers: 10 -> 6",
        "  Affine: partial -> stopped, 4 of 6 -> 0 of 6; now: timed out: still running after 1 "
        "seconds",
        "bob, layers: 6 -> 3",
        "  overrides: none before, ReLU 3 now",
        "carl, layers: 0 -> -",
        "  no longer there",
    ]


def test_what_stayed_the_same_is_not_told(tmp_path):
    same = results(tmp_path, report("ada", PARTIAL, RIGHT))
    assert text(difference(same, same)) == "no score differs\n"
