import os
import shutil
import subprocess

import pytest
from classroom import KNOWN, write

from grader import lms
from grader.clock import iso
from grader.submission import find

AFFINE = ["class Affine:\n    pass"]
METADATA = """\
---
submission_1:
  :submitters:
  - :name: Ada King
    :sid: '7'
    :email: ada@example.org
  - :name: Bob
    :email: bob@example.org
  :created_at: 2026-01-10 12:00:00.000000000 Z
  :history:
  - :id: 3
    :created_at: 2020-01-01 00:00:00.000000000 Z
submission_2:
  :submitters:
  - :name: 王芳
  :created_at: 2026-01-11 12:00:00.000000000 +01:00
"""


@pytest.fixture
def look(tmp_path):
    (tmp_path / "scratch").mkdir()
    return lambda folder: find([folder], KNOWN, tmp_path / "scratch")


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-10 12:00:00 UTC", "2026-01-10T12:00:00+00:00"),
        ("2026-01-10 12:00:00.123456 +0100\n", "2026-01-10T12:00:00+01:00"),
        ("2026-01-10 12:00:00", "2026-01-10T12:00:00+00:00"),
        ("yesterday", None),
        ("2026-13-40 12:00:00", None),
    ],
)
def test_a_timestamp_is_read_as_nbgrader_writes_it(text, time):
    assert iso(text) == time


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("x/lovelaceada_LATE_12_34_a.ipynb", ("Canvas", "lovelaceada", "12", "", True)),
        ("lovelaceada_12_34_a_b-1.ipynb", ("Canvas", "lovelaceada", "12", "", False)),
        ("ada_12_34.zip/homework.ipynb", ("Canvas", "ada", "12", "", False)),
        ("Zoë d'A_77_assignsubmission_file_/x.ipynb", ("Moodle", "Zoë d'A", "77", "", False)),
        (
            "HW 1_ada_attempt_2026-01-10-12-00-01_x.ipynb",
            ("Blackboard", "ada", "", "2026-01-10T12:00:01", False),
        ),
    ],
)
def test_platforms_tell_by_names(path, told):
    assert lms.read(path) == lms.Told(*told)


@pytest.mark.parametrize("path", ["ada/layers/layers.ipynb", "ada_layers.ipynb", "ada_1_2/x.ipynb"])
def test_other_names_are_no_platforms(path):
    assert lms.read(path) is None


def test_two_people_of_one_name_are_two_people(tmp_path, look):
    folder = tmp_path / "download"
    for number in (77, 78):
        write(folder / f"Ada King_{number}_assignsubmission_file_/x.ipynb", AFFINE, "layers")
    assert [one.student for one in look(folder)] == ["Ada King (77)", "Ada King (78)"]


def test_the_timestamp_beside_the_notebook_counts_before_the_files_time(tmp_path, look):
    path = write(tmp_path / "in/ada/layers/layers.ipynb", AFFINE, "layers")
    os.utime(path, (0, 0))
    (one,) = look(tmp_path / "in")
    assert (one.submitted, one.clock) == ("1970-01-01T00:00:00+00:00", "file")
    (path.parent / "timestamp.txt").write_text("2026-01-10 12:00:00 UTC")
    (one,) = look(tmp_path / "in")
    assert (one.submitted, one.clock) == ("2026-01-10T12:00:00+00:00", "timestamp.txt")


def test_canvas_knows_that_it_is_late_but_not_by_how_much(tmp_path, look):
    write(tmp_path / "in/ada_LATE_1_2_x.ipynb", AFFINE, "layers")
    (one,) = look(tmp_path / "in")
    assert one.notes == ("Canvas says that this is late, and not by how much",)


def test_everybody_of_a_group_on_gradescope_gets_a_grade(tmp_path, look):
    folder = tmp_path / "assignment_9_export"
    for number in (1, 2):
        write(folder / f"submission_{number}/x.ipynb", AFFINE, "layers")
    (folder / "submission_metadata.yml").write_text(METADATA, encoding="utf-8")
    found = {one.student: (one.submitted, one.clock) for one in look(folder)}
    assert found == {
        "ada@example.org": ("2026-01-10T12:00:00+00:00", "Gradescope"),
        "bob@example.org": ("2026-01-10T12:00:00+00:00", "Gradescope"),
        "王芳": ("2026-01-11T12:00:00+01:00", "Gradescope"),
    }


def _git(folder, *words, **environment):
    about = {
        f"GIT_{who}_{what}": "ada@x"
        for who in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    subprocess.run(
        ["git", "-C", folder, *words],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **about, **environment},
        check=True,
        capture_output=True,
    )


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
@pytest.mark.parametrize("packed", [False, True])
def test_a_checkout_tells_the_time_of_its_commit_and_runs_nothing(tmp_path, look, packed):
    folder = tmp_path / "in/layers-ada"
    write(folder / "layers.ipynb", AFFINE, "layers")
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "done", GIT_COMMITTER_DATE="2026-01-10T12:00:00+01:00")
    if packed:
        _git(folder, "gc", "-q")
        _git(folder, "pack-refs", "--all")
    evil = f"[log]\nshowSignature = true\n[gpg]\nprogram = touch {tmp_path}/owned\n"
    with (folder / ".git/config").open("a") as config:
        config.write(evil + f"[core]\nfsmonitor = touch {tmp_path}/owned\n")
    (one,) = look(tmp_path / "in")
    assert (one.submitted, one.clock) == ("2026-01-10T12:00:00+01:00", "git")
    assert not (tmp_path / "owned").exists()


@pytest.mark.skipif(not shutil.which("git"), reason="no git")
def test_the_instructors_own_repository_tells_nothing_about_a_submission(tmp_path, look):
    write(tmp_path / "in/ada/layers/layers.ipynb", AFFINE, "layers")
    _git(tmp_path / "in", "init", "-q", "-b", "main")
    _git(tmp_path / "in", "add", ".")
    _git(tmp_path / "in", "commit", "-qm", "all")
    (one,) = look(tmp_path / "in")
    assert one.clock == "file"
