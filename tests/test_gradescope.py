"""The zip for Gradescope, unpacked and run as Gradescope does, without the reference at hand."""

import json
import os
import re
import shutil
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
    return unpacked(place / "autograder.zip", place)


def unpacked(zipped, place):
    """The folders as Gradescope documents them; the key is as private as setup.sh makes it."""
    with zipfile.ZipFile(zipped) as archive:
        archive.extractall(place / "source")
        for member in archive.infolist():
            if mode := member.external_attr >> 16 & 0o777:
                (place / "source" / member.filename).chmod(mode)
    (place / "source/key").chmod(0o700)
    (place / "submission").mkdir()
    (place / "results").mkdir()
    (place / "submission_metadata.json").write_text('{"id": 1, "users": []}')
    shutil.copy(place / "source/run_autograder", place / "run_autograder")
    return place


def run(place, **python):
    """As Gradescope calls it, with this interpreter if no other is named."""
    python = python or {"PYTHON": sys.executable}
    subprocess.run(
        [place / "run_autograder"],
        cwd=place,
        env={"PATH": os.environ["PATH"], "AUTOGRADER": str(place)} | python,
        check=True,
        timeout=300,
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


RECORDER = """#!/usr/bin/env bash
echo "$@" >> "$AUTOGRADER/apt-get.log"
"""
NO_NETWORK = re.compile("Connection|Retrying after connection")


def commands(place):
    """What setup.sh finds on its PATH: an apt-get that changes nothing here, and a Python of the
    name that it asks for, which is this one where there is no other."""
    folder = place / "commands"
    folder.mkdir()
    python = shutil.which("python3.11") or sys.executable
    scripts = {"apt-get": RECORDER, "python3.11": f'#!/usr/bin/env bash\nexec "{python}" "$@"\n'}
    for name, text in scripts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def test_setup_installs_all_that_grading_needs_in_a_fresh_place(autograder, tmp_path):
    place = unpacked(autograder / "autograder.zip", tmp_path)
    (place / "source/key").chmod(0o755)
    kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [place / "source/setup.sh"],
        cwd=place,
        env=kept | {"PATH": commands(place), "AUTOGRADER": str(place)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode and NO_NETWORK.search(done.stderr):
        pytest.skip("pip finds no packages here")
    assert done.returncode == 0, done.stderr
    log = (place / "apt-get.log").read_text().splitlines()
    assert [line.split()[0] for line in log] == ["update", "install"]
    assert log[1].endswith(" python3.11 python3.11-venv")
    assert not (place / "source/key/key.npz").stat().st_mode & 0o077
    solved(place / "submission/work.ipynb", "losses", "return 2 * ", "return ")
    told = run(place, HOME=str(place))
    assert 0 < told["score"] < 40
    assert {one["status"] for one in told["tests"]} == {"passed", "failed"}
