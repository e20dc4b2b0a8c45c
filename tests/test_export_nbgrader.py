"""Scores in a real gradebook.db, read back by the real nbgrader."""

import csv
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from handed_out import LOOPED, REJECTED, REPORT, RIGHT, report, results

from grader.course import Course, Late, Override

pytest.importorskip("nbgrader")
pytestmark = pytest.mark.xdist_group("nbgrader")

ROOT = Path(__file__).parent.parent
ADA, BOB = REPORT, report("bob", LOOPED, RIGHT)
DORA = replace(REJECTED, student="dora")
LOOKED_AT = Course(
    overrides=(
        Override("carl", "layers", "", 6.0, "by mail"),
        Override("dora", "layers", "Affine", 1.5, "from <paper>"),
    )
)
HUMAN = """
import warnings; warnings.simplefilter("ignore")
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    grade = book.find_grade("test_Affine", "layers", "layers", "bob")
    grade.manual_score = 1.25
    book.find_comment("Affine", "layers", "layers", "bob").manual_comment = "by hand"
    book.db.commit()
"""


def run(course, *words):
    settings = {
        name: str(course / ".jupyter")
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    settings["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, *words],
        check=False,
        cwd=course,
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def push(course, *reports, rules=None):
    results(course / "graded", *reports, course=rules)
    return run(course, "-m", "grader", "export", "nbgrader", "--to", ".")


def exported(course, assignment="layers"):
    run(course, "-m", "nbgrader", "export")
    with (course / "grades.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == assignment]
    return {row["student_id"]: row for row in rows if row["timestamp"] or float(row["score"])}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text(
        'c = get_config()\nc.CourseDirectory.course_id = "autograd"\n'
    )
    done = push(course, ADA, BOB)
    assert (done.stdout, done.stderr) == ("gradebook.db\n", "")
    return course


def test_nbgrader_exports_what_was_pushed(course):
    found = exported(course)
    scores = {name: (float(row["score"]), float(row["max_score"])) for name, row in found.items()}
    assert scores == {"ada": (10, 12), "bob": (6, 12)}
    assert found["ada"]["timestamp"].startswith("2026-01-10 12:00:00")


def test_feedback_shows_scores_comments_and_the_students_code(course):
    run(course, "-m", "nbgrader", "generate_feedback", "layers")
    page = (course / "feedback/ada/layers/layers.html").read_text()
    assert "You averaged over the" in page
    assert "Score: 10.0 / 12.0" in page
    assert "def" in page
    assert "upstream" in page


def test_what_a_person_gave_survives_the_next_push_and_ours_is_renewed(course):
    run(course, "-c", HUMAN)
    due = {"layers": __import__("datetime").datetime.fromisoformat("2026-01-10T11:00:00+00:00")}
    rules = Course(
        late=Late(percent_per_day=10),
        due=due,
        overrides=(Override("ada", "layers", "Affine", 6.0, "oral"),),
    )
    push(course, ADA, replace(BOB, submitted=None), rules=rules)
    found = exported(course)
    assert float(found["bob"]["score"]) == 7.25
    assert float(found["ada"]["raw_score"]) == 12
    assert float(found["ada"]["score"]) == pytest.approx(10.8)
    run(course, "-m", "nbgrader", "generate_feedback", "layers", "--force")
    assert "by hand" in (course / "feedback/bob/layers/layers.html").read_text()


def test_a_rejected_submission_with_points_of_a_person_is_pushed_and_the_others_are_not(course):
    push(course, ADA, REJECTED, DORA, replace(REJECTED, student="eve"), rules=LOOKED_AT)
    found = exported(course)
    scores = {name: float(found[name]["score"]) for name in ("carl", "dora")}
    assert scores == {"carl": 6, "dora": 1.5}
    assert "eve" not in found
    run(course, "-m", "nbgrader", "generate_feedback", "layers", "--force")
    carl = (course / "feedback/carl/layers/layers.html").read_text()
    for words in (
        "The link leads nowhere.",
        "6 points for the whole, spread over the exercises, given by a person. by mail",
        "Score: 6.0 / 12.0",
    ):
        assert words in carl
    dora = (course / "feedback/dora/layers/layers.html").read_text()
    assert "1.5 points, given by a person. from &lt;paper&gt;" in dora


def test_an_assignment_of_which_nothing_could_be_read_has_a_place_for_points(course):
    rules = Course(overrides=(Override("carl", "losses", "", 7.0),))
    push(course, replace(REJECTED, assignment="losses", max_score=0.0), rules=rules)
    assert float(exported(course, "losses")["carl"]["score"]) == 7


def test_an_exercise_that_is_new_has_a_place_in_older_submissions(course):
    tanh = replace(RIGHT, name="Tanh")
    push(course, report("fay", RIGHT))
    push(course, report("fay", RIGHT, tanh))
    assert float(exported(course)["fay"]["score"]) == 12
