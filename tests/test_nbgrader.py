"""The student notebooks in a plain nbgrader course, without our runner: the real nbgrader.

It has its default configuration; only the names and places that every course must give are set.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from grader.assignment import load
from grader.public import check_notebook
from grader.template import STUB, given_cells

pytest.importorskip("nbgrader")
pytestmark = pytest.mark.xdist_group("nbgrader")

ROOT = Path(__file__).parent.parent
ASSIGNMENTS = ROOT / "assignments"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "autograd"
c.Exchange.root = "{exchange}"
"""
CLEARED = ("# YOUR CODE HERE", "raise NotImplementedError()")  # what nbgrader leaves of a solution
SLUGS = sorted(path.parent.name for path in ASSIGNMENTS.glob("*/exercises.json"))
AFFINE = "self.dW = self.x.T @ upstream; self.db = upstream.{}(axis=0); return upstream @ self.W.T"
NOISY = "np.exp(1000.0) * np.log(0.0); return upstream * (self.x > 0)"  # two RuntimeWarnings


def nbgrader(course, *words):
    settings = {
        name: str(course / ".jupyter")
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    settings["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        check=False,
        cwd=course,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=300,
    )


def fill(notebook, bodies):
    """Put statements in place of the stubs of some exercises."""
    content = json.loads(notebook.read_text())
    for cell in content["cells"]:
        if body := bodies.get(cell["id"]):
            text = "".join(cell["source"])
            assert CLEARED[1] in text
            cell["source"] = text.replace(CLEARED[1], body).splitlines(keepends=True)
    notebook.write_text(json.dumps(content))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which two students have handed in layers and nbgrader has graded them."""
    course, exchange = tmp_path_factory.mktemp("course"), tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)  # as nbgrader wants it
    (course / "nbgrader_config.py").write_text(CONFIG.format(exchange=exchange))
    shutil.copytree(ASSIGNMENTS, course / "source")
    done = nbgrader(course, "generate_assignment", "--assignment=*")
    assert done.returncode == 0, done.stderr[-2000:]
    for student in ("ada", "bao"):
        shutil.copytree(course / "release" / "layers", course / "submitted" / student / "layers")
    bodies = {"Affine": AFFINE.format("mean"), "ReLU": NOISY}
    fill(course / "submitted" / "bao" / "layers" / "layers.ipynb", bodies)
    done = nbgrader(course, "autograde", "layers")
    assert done.returncode == 0, done.stderr[-2000:]
    return course


@pytest.fixture(scope="module")
def scores(course):
    assert nbgrader(course, "export").returncode == 0
    with (course / "grades.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == "layers"]
    return {row["student_id"]: float(row["score"]) for row in rows}


def results(course, student):
    """What the test cells gave: by grade_id, the text/plain of the result."""
    path = course / "autograded" / student / "layers" / "layers.ipynb"
    cells = json.loads(path.read_text())["cells"]
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(output["data"]["text/plain"])
        for cell in cells
        for output in cell.get("outputs", ())
        if output["output_type"] == "execute_result"
    }


def cleared(source):
    """The cell with nbgrader's stub where ours stands, wherever that is indented."""
    lines = source.split("\n")
    for place in [place for place, line in enumerate(lines) if line.strip() == STUB[0]]:
        indent = lines[place].removesuffix(STUB[0])
        assert lines[place : place + 3] == [indent + line for line in STUB]
        lines[place : place + 3] = [indent + line for line in CLEARED]
    return "\n".join(lines)


def code(folder, slug):
    cells = nbformat.read(folder / slug / f"{slug}.ipynb", as_version=4).cells
    return [cell.source for cell in cells]


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_but_the_stubs_is_replaced_in_a_release(course, slug):
    given, released = code(ASSIGNMENTS, slug), code(course / "release", slug)
    assert released == [cleared(source) for source in given]
    cells = given_cells(load(ROOT / "reference" / f"{slug}.py"))
    to_be_solved = [cell.exercise.name for cell in cells if cell.role == "solution"]
    assert sum(CLEARED[1] in source for source in released) == len(to_be_solved) > 0


@pytest.mark.parametrize("slug", SLUGS)
def test_an_untouched_stub_is_missing_in_what_nbgrader_releases(course, slug):
    report, _ = check_notebook(course / "release" / slug / f"{slug}.ipynb")
    assert {str(one.status) for one in report.exercises} == {"missing"}


def test_a_release_can_be_fetched_handed_in_and_collected(course):
    for words in (
        ("release_assignment", "layers"),
        ("fetch_assignment", "layers"),
        ("submit", "layers"),
        ("collect", "layers"),
    ):
        done = nbgrader(course, *words)
        assert done.returncode == 0, done.stderr[-2000:]
    assert code(course, "layers") == code(course / "release", "layers")
    assert len([*(course / "submitted").glob("*/layers/timestamp.txt")]) == 1


def test_the_feedback_shows_what_check_said(course):
    done = nbgrader(course, "generate_feedback", "layers")
    assert done.returncode == 0, done.stderr[-2000:]
    page = (course / "feedback" / "bao" / "layers" / "layers.html").read_text()
    assert "Score: 4.0 / 6.0" in page
    assert 'class="grader-check"' in page


def test_an_untouched_notebook_gets_nothing(scores):
    assert scores["ada"] == 0


def test_each_right_array_earns_its_points_without_our_runner(course, scores):
    given = results(course, "bao")
    assert (given["test_Affine"], given["test_ReLU"], given["test_Tanh"]) == ("4.0", "6.0", "0.0")
    assert scores["bao"] == 10


@pytest.mark.parametrize("student", ["ada", "bao"])
def test_nothing_is_written_to_stderr(course, student):
    path = course / "autograded" / student / "layers" / "layers.ipynb"
    cells = json.loads(path.read_text())["cells"]
    outputs = [one for cell in cells for one in cell.get("outputs", ())]
    assert {one["output_type"] for one in outputs} <= {"execute_result", "display_data", "stream"}
    assert not [one for one in outputs if one.get("name") == "stderr"]


def test_validate_tells_what_is_not_done_yet(course):
    done = nbgrader(course, "validate", "submitted/bao/layers/layers.ipynb")
    assert done.returncode == 0
    failed = [line.strip() for line in done.stdout.splitlines() if line.startswith("    check(")]
    assert "check(Affine)" in failed
    assert "check(ReLU)" not in failed
