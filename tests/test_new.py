"""`grader new`: every skeleton builds, survives its audit and grades, as an author finds it."""

import contextlib
import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from classroom import SECRET, handed_in
from click.testing import CliRunner
from fresh import wheel

from grader.assignment import load
from grader.cli import cli
from grader.errors import UsageError
from grader.kinds import KINDS
from grader.new import kinds, new

# kind: (a line of the solution, what a student might write in its place, the arrays that it costs)
MISTAKES = {
    "cell": ("collected, collected * self.a", "collected, collected", {"dm"}),
    "chain": ("return upstream + back", "return back", {"dx"}),
    "function": ("(2 * x - x**2) * decay", "2 * x * decay", {"dy_dx"}),
    "functional": ("/ h**2", "/ h", {"bend"}),
    "gradients": ('"b": np.mean(back)', '"b": np.sum(back)', {"db"}),
    "layer": ("np.sum(upstream * self.x, axis=0)", "upstream.sum(axis=0)", {"dgamma"}),
    "loss": ("-1.0, 1.0) / self.error.size", "-1.0, 1.0)", {"dscores"}),
    "network": ('"b1": inside.sum(axis=0)', '"b1": inside.mean(axis=0)', {"db1"}),
    "optimizer": ("(1 - self.beta) * g", "g", {"first_step", "all_steps"}),
    "training": (
        "losses.append(loss)",
        "losses.append(2 * loss)",
        {"losses"},
    ),
}
each_kind = pytest.mark.parametrize("kind", sorted(MISTAKES))


def call(*words):
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of one's own, outside of any other, with one new assignment of every kind."""
    folder = tmp_path_factory.mktemp("course")
    with contextlib.chdir(folder):
        done = [call("new", f"my_{kind}", "--kind", kind) for kind in MISTAKES]
        built = call("build")
    assert [one.exit_code for one in [*done, built]] == [0] * (len(done) + 1)
    return folder


@pytest.fixture(scope="module")
def results(course, tmp_path_factory):
    """What a right, a wrong and an untouched hand-in of every assignment get, in one run."""
    home = tmp_path_factory.mktemp("home")
    for kind, (old, wrong, _) in MISTAKES.items():
        page = load(course / "reference" / f"my_{kind}.py")
        template = course / "assignments" / page.slug / f"{page.slug}.ipynb"
        place = f"{page.slug}/{page.slug}.ipynb"
        handed_in(course / "submissions/right" / place, page, template)
        handed_in(course / "submissions/wrong" / place, page, template, old, wrong)
        untouched = course / "submissions/untouched" / place
        untouched.parent.mkdir(parents=True)
        shutil.copy(template, untouched)
    with contextlib.chdir(course), pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_SECRET", SECRET)
        patch.setenv("XDG_CACHE_HOME", str(home))
        done = call("run", "submissions")
    assert done.exit_code == 0, done.output
    found = json.loads((course / "graded/results.json").read_text())["submissions"]
    return {(one["student"], one["assignment"].removeprefix("my_")): one for one in found}


def test_there_is_a_skeleton_for_these_kinds():
    assert kinds() == sorted(MISTAKES)
    assert set(kinds()) <= KINDS.keys()


def test_the_skeletons_are_in_the_package_that_is_installed():
    with zipfile.ZipFile(wheel()) as package:
        inside = {name for name in package.namelist() if name.startswith("grader/skeletons/")}
    assert inside == {f"grader/skeletons/{kind}.py" for kind in MISTAKES}


@each_kind
def test_a_skeleton_holds_one_exercise_of_its_kind(course, kind):
    (exercise,) = load(course / "reference" / f"my_{kind}.py").exercises
    assert exercise.kind == kind


def test_what_was_built_is_up_to_date(course):
    with contextlib.chdir(course):
        done = call("build", "--check")
    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == len(MISTAKES)


@each_kind
def test_what_students_receive_holds_no_word_for_the_author(course, kind):
    for path in (course / "assignments" / f"my_{kind}").iterdir():
        assert "author" not in path.read_text().lower()
        assert "never see" not in path.read_text()


@each_kind
def test_no_mutant_survives(course, kind):
    with contextlib.chdir(course):
        done = call("audit", f"my_{kind}", "--json")
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)[f"my_{kind}"]
    # training runs are judged by their course, not by mutants
    assert [row["mutants"] > 0 for row in rows] == ([] if kind == "training" else [True])
    assert not any(row["survivors"] for row in rows)


@each_kind
def test_a_right_answer_gets_full_marks(results, kind):
    report = results["right", kind]
    assert report["score"] == report["max_score"] > 0


@each_kind
def test_an_untouched_notebook_gets_nothing_and_is_missing(results, kind):
    report = results["untouched", kind]
    assert report["score"] == 0
    assert [one["status"] for one in report["exercises"]] == ["missing"]


@each_kind
def test_a_wrong_answer_loses_its_arrays(results, kind):
    (exercise,) = results["wrong", kind]["exercises"]
    assert exercise["status"] in ("partial", "wrong")
    assert {one["name"] for one in exercise["arrays"] if not one["correct"]} == MISTAKES[kind][2]


@each_kind
def test_check_works_in_the_folder_that_students_receive(course, kind, tmp_path):
    page = load(course / "reference" / f"my_{kind}.py")
    folder = shutil.copytree(course / "assignments" / page.slug, tmp_path / page.slug)
    notebook = folder / f"{page.slug}.ipynb"
    handed_in(notebook, page, notebook)
    cells = json.loads(notebook.read_text())["cells"]
    script = "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    (folder / "script.py").write_text(f"{script}\nprint(check())\n")
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == [
        *("total", str(page.max_score), "/", str(page.max_score))
    ]


def test_the_folder_of_pages_is_made_where_there_is_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("new", "first")
    assert (done.exit_code, done.stdout) == (0, f"{Path('reference/first.py')}\n")
    (tmp_path / "deeper").mkdir()
    monkeypatch.chdir(tmp_path / "deeper")
    assert call("new", "second").stdout == f"{tmp_path / 'reference/second.py'}\n"


def test_a_page_is_never_overwritten(tmp_path):
    page = new("mine", "layer", tmp_path)
    page.write_text("hours of work")
    with pytest.raises(UsageError, match=r"mine\.py is there already and is left as it is"):
        new("mine", "loss", tmp_path)
    assert page.read_text() == "hours of work"


def test_a_folder_that_students_work_in_is_not_taken_over(tmp_path):
    (tmp_path / "assignments/mine").mkdir(parents=True)
    with pytest.raises(UsageError, match=r"mine is there already, from an assignment"):
        new("mine", "layer", tmp_path / "reference")


@pytest.mark.parametrize("slug", ["", "3d", "Attention", "a b", "../up", "a-b", "ä", "x" * 41])
def test_a_bad_slug_is_told(tmp_path, slug):
    with pytest.raises(UsageError, match=r"no name for an assignment\. Begin with a small letter"):
        new(slug, "layer", tmp_path)
    assert not list(tmp_path.iterdir())


def test_the_name_of_a_bundled_assignment_is_refused(tmp_path):
    with pytest.raises(UsageError, match="the bundled course has an assignment layers"):
        new("layers", "layer", tmp_path)


def test_a_kind_without_skeleton_is_refused_with_the_list(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = call("new", "mine", "--kind", "poem")
    assert done.exit_code == 2
    assert done.stderr.endswith(f"no skeleton of kind poem; there are: {', '.join(kinds())}\n")


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "reference").write_text("a file")
    with pytest.raises(UsageError, match="reference"):
        new("mine", "layer", tmp_path / "reference")
