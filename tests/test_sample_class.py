"""The sample class, graded by the command of the README, gets the verdicts noted beside it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CLASS = ROOT / "submissions"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    out = tmp_path_factory.mktemp("graded")
    command = [sys.executable, "-m", "grader", "run", CLASS, "--out", out, "--workers", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    submissions = json.loads((out / "results.json").read_text())["submissions"]
    return {(one["student"], one["assignment"]): one for one in submissions}


def expectations():
    for path in sorted(CLASS.glob("*/expected.json")):
        for assignment, exercises in json.loads(path.read_text()).items():
            yield pytest.param(
                path.parent.name, assignment, exercises, id=f"{path.parent.name}-{assignment}"
            )


@pytest.mark.xdist_group("sample class")
@pytest.mark.parametrize(("student", "assignment", "exercises"), list(expectations()))
def test_a_student_gets_the_expected_verdicts(results, student, assignment, exercises):
    report = results[student, assignment]
    assert {one["name"]: seen(one) for one in report["exercises"]} == exercises
    assert report["score"] == sum(one["score"] for one in exercises.values())


def seen(verdict):
    checked = verdict["status"] in ("correct", "partial", "wrong")
    wrong = [one["name"] for one in verdict["arrays"] if checked and not one["correct"]]
    return {"status": verdict["status"], "score": verdict["score"], "wrong": wrong}


def test_the_sample_class_holds_at_least_ten_students():
    assert len(list(CLASS.glob("*/expected.json"))) >= 10
