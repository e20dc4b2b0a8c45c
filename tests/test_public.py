"""`grader check` and `grader start`: a student who works in an editor and a shell."""

import json
import re
import shutil
import zipfile
from pathlib import Path
from subprocess import run
from sys import executable

import pytest
from classroom import solution, solved, write
from click.testing import CliRunner

from grader.cli import cli
from grader.errors import UsageError
from grader.handout import bundled
from grader.public import check_notebook
from grader.start import start

ROOT = Path(__file__).parent.parent


def verdicts(report):
    return {one.name: (str(one.status), one.score) for one in report.exercises}


def test_a_solved_notebook_gets_full_marks_in_isolation(tmp_path):
    report, isolation = check_notebook(solved(tmp_path / "layers.ipynb"))
    assert (report.status, report.score, report.max_score) == ("graded", 60, 60)
    assert (report.oracle, isolation) == ("numeric", "landlock+seccomp")
    assert not any(one.notes for one in report.exercises)


def test_a_script_in_cells_will_do(tmp_path):
    path = tmp_path / "layers.py"
    path.write_text("\n\n".join(f"# %%\n{source}" for source in solution("layers")))
    report, _ = check_notebook(path)
    assert report.score == 60


def test_the_template_is_all_missing(tmp_path):
    report, _ = check_notebook(ROOT / "assignments" / "losses" / "losses.ipynb")
    assert {one.status for one in report.exercises} == {"missing"}


@pytest.mark.parametrize("student", ["chidi", "dmitri", "elena"])
def test_without_walls_the_verdicts_are_the_same(student, monkeypatch):
    path = ROOT / "submissions" / student / "layers" / "layers.ipynb"
    behind_walls, _ = check_notebook(path)
    monkeypatch.setattr("sys.platform", "darwin")
    report, isolation = check_notebook(path)
    assert isolation == "none"
    assert verdicts(report) == verdicts(behind_walls)


def test_without_walls_a_broken_cell_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    broken = "class Affine:\n    def backward(self, upstream)\n        return 1"
    report, _ = check_notebook(write(tmp_path / "x.ipynb", ["import numpy", broken], "layers"))
    assert "cell 2, line 2" in report.exercises[0].findings[0].detail


@pytest.mark.parametrize(
    ("cells", "says"),
    [(["print(1)"], "defines no exercise of any assignment")],
)
def test_a_notebook_that_is_none_of_ours_is_rejected_with_a_reason(tmp_path, cells, says):
    report, _ = check_notebook(write(tmp_path / "x.ipynb", cells))
    assert report.status == "rejected"
    assert says in report.reason


def test_an_assignment_of_ones_own_is_known_by_the_file_beside_it(tmp_path):
    content = json.loads((ROOT / "assignments" / "layers" / "exercises.json").read_text())
    content["slug"] = "ours"
    (tmp_path / "exercises.json").write_text(json.dumps(content))
    report, _ = check_notebook(write(tmp_path / "x.ipynb", solution("layers"), "ours"))
    assert (report.assignment, report.score) == ("ours", 60)


def test_nothing_beside_a_notebook_is_run(tmp_path):
    content = json.loads((ROOT / "assignments" / "layers" / "exercises.json").read_text())
    code = "raise SystemExit('code that came with a submission')"
    (tmp_path / "exercises.json").write_text(
        json.dumps({**content, "slug": "ours", "cells": [code]})
    )
    for name in ("numpy", "grader", "json", "conftest"):
        (tmp_path / f"{name}.py").write_text(code)
    write(tmp_path / "x.ipynb", solution("layers"), "ours")
    done = run(
        [executable, "-m", "grader", "check", tmp_path / "x.ipynb"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "graded 60 / 60" in done.stdout
    assert done.stderr == ""


def test_a_file_beside_it_does_not_stand_in_for_the_bundled_course(tmp_path):
    content = json.loads((ROOT / "assignments" / "layers" / "exercises.json").read_text())
    content["published"] = {}
    (tmp_path / "exercises.json").write_text(json.dumps(content))
    report, _ = check_notebook(solved(tmp_path / "layers.ipynb"))
    assert report.score == 60


@pytest.mark.parametrize("slug", bundled())
def test_start_makes_a_folder_that_can_be_checked(slug, tmp_path):
    path = start(slug, tmp_path)
    assert {one.name for one in path.parent.iterdir()} >= {f"{slug}.ipynb", "exercises.json"}
    assert check_notebook(path)[0].assignment == slug


def test_start_never_overwrites_work(tmp_path):
    start("layers", tmp_path).write_text("my work")
    with pytest.raises(UsageError, match="is there already and is left as it is"):
        start("layers", tmp_path)
    assert (tmp_path / "layers" / "layers.ipynb").read_text() == "my work"


def test_start_suggests_a_name():
    with pytest.raises(UsageError, match="did you mean layers"):
        start("layer", Path())


def test_the_commands_print_the_result_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    started = CliRunner().invoke(cli, ["start", "layers"])
    assert (started.stdout, started.stderr) == (f"{Path('layers', 'layers.ipynb')}\n", "")
    checked = CliRunner().invoke(cli, ["check", "layers/layers.ipynb"])
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert re.match(r"layers.ipynb, layers +graded 0 / 60\n", checked.stdout)
    as_json = CliRunner().invoke(cli, ["check", "layers/layers.ipynb", "--json"])
    assert json.loads(as_json.stdout)["oracle"] == "numeric"


def test_what_is_not_there_is_a_usage_error(tmp_path):
    for words in (["check", str(tmp_path / "x.ipynb")], ["check", str(tmp_path)], ["start", "x"]):
        assert CliRunner().invoke(cli, words).exit_code == 2


def test_the_wheel_holds_the_course_and_no_reference(tmp_path):
    pytest.importorskip("hatchling")
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "graded", "build", "dist"))
    command = [executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    run(command, cwd=source, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        names = file.namelist()
        texts = {name: file.read(name).decode() for name in names if "/assignments/" in name}
    assert {name for name in names if name.endswith("exercises.json")} == {
        f"grader/assignments/{slug}/exercises.json" for slug in bundled()
    }
    assert not [name for name in names if "reference" in name or "tests" in name]
    assert len(texts) >= 2 * len(bundled())
    assert not [name for name, text in texts.items() if "self.dW = self.x.T @ upstream" in text]


def test_the_students_side_needs_nothing_that_only_unix_has():
    code = """if True:
        import sys
        for name in ("fcntl", "resource", "pwd", "grp", "termios"):
            sys.modules[name] = None
        import pathlib, grader.public, grader.sandbox.cells
        from grader import check
        class ReLU:
            def forward(self, x):
                self.x = x
                return x * (x > 0)
            def backward(self, upstream):
                return upstream * (self.x > 0)
        print(check(ReLU).score)
        sys.platform = "windows"
        page = pathlib.Path("assignments/layers/layers.ipynb")
        print(grader.public.check_notebook(page)[1])
    """
    done = run([executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["6.0", "none"], done.stderr
