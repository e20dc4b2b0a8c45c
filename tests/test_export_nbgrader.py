"""Scores in a real gradebook.db, read back by the real nbgrader."""

import csv
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from handed_out import LOOPED, REPORT, RIGHT, report, results

from grader.course import Course, Late, Override

pytest.importorskip("nbgrader")
pytestmark = pytest.mark.xdist_group("nbgrader")

ROOT = Path(__file__).parent.parent
ADA, BOB = REPORT, report("bob", LOOPED, RIGHT)
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


def exported(course):
    run(course, "-m", "nbgrader", "export")
    with (course / "grades.csv").open() as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


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
