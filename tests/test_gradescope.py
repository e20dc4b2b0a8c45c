"""The zip for Gradescope, unpacked and run as Gradescope does, without the reference at hand."""

import json
import os
import subprocess
import sys
import zipfile

import pytest
from classroom import REFERENCE, ROOT, SECRET, solved
from jsonschema import validate
from test_export import GRADESCOPE


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """What Gradescope makes of the zip: /autograder, under another name."""
    place = tmp_path_factory.mktemp("gradescope")
    words = ("export", "gradescope-autograder", "losses")
    done = subprocess.run(
        [sys.executable, "-m", "grader", *words, "--to", place / "autograder.zip"],
        cwd=ROOT,
        env={**os.environ, "GRADER_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(place / "autograder.zip") as archive:
        archive.extractall(place / "source")
    (place / "source/key").chmod(0o700)
    (place / "submission").mkdir()
    (place / "results").mkdir()
    return place


def run(place):
    subprocess.run(
        ["bash", place / "source/run_autograder"],
        env={"PATH": os.environ["PATH"], "AUTOGRADER": str(place), "PYTHON": sys.executable},
        check=True,
        timeout=60,
    )
    told = json.loads((place / "results/results.json").read_text())
    validate(told, GRADESCOPE)
    return told


def test_the_zip_holds_the_scripts_at_its_root_and_nothing_of_the_reference(autograder):
    source = autograder / "source"
    assert (source / "setup.sh").is_file()
    secret = (REFERENCE / "losses.py").read_text().split("def backward")[1].split('"""')[2]
    texts = (path.read_text(errors="ignore") for path in source.rglob("*") if path.is_file())
    assert not [text for text in texts if secret.split("\n\n")[0].strip() in text]


def test_a_submission_is_graded_there(autograder):
    solved(autograder / "submission/my work.ipynb", "losses", "return 2 * ", "return ")
    told = run(autograder)
    assert 0 < told["score"] < 40
    assert {one["status"] for one in told["tests"]} == {"passed", "failed"}


def test_something_else_is_told_what_to_hand_in(autograder):
    for path in (autograder / "submission").iterdir():
        path.unlink()
    assert "Hand in the .ipynb file" in run(autograder)["output"]
