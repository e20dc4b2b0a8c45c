"""The student notebooks in a plain nbgrader course, without our runner: the real nbgrader."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("nbgrader")
pytestmark = pytest.mark.xdist_group("nbgrader")

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "assignments" / "layers"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "autograd"
c.ClearSolutions.enabled = False  # the notebooks hold stubs already
"""
STUB = "raise NotImplementedError"
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
            cell["source"] = "".join(cell["source"]).replace(STUB, body).splitlines(keepends=True)
    notebook.write_text(json.dumps(content))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course in which two students have handed in layers and nbgrader has graded them."""
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text(CONFIG)
    shutil.copytree(TEMPLATE, course / "source" / "layers")
    assert nbgrader(course, "generate_assignment", "layers").returncode == 0
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
        return {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}


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


def test_the_template_is_released_as_it_is(course):
    released = json.loads((course / "release" / "layers" / "layers.ipynb").read_text())
    assert released["cells"] == json.loads((TEMPLATE / "layers.ipynb").read_text())["cells"]


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
