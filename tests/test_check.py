"""check() as a student calls it. The exercises are those of the bundled course."""

import functools
import json
import subprocess
import sys
import types
import warnings
from pathlib import Path

import numpy as np
import pytest

import grader.checking
from grader import check
from grader.result import Status

ASSIGNMENTS = Path(__file__).parent.parent / "assignments"


class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW, self.db = self.x.T @ upstream, upstream.sum(axis=0)
        return upstream @ self.W.T


def relu_jacobian(x):
    return np.diag((x > 0).astype(float))


def relu(backward):
    """A ReLU with this backward."""

    class ReLU:
        def forward(self, x):
            self.x = x
            return np.maximum(x, 0)

    ReLU.backward = backward
    return ReLU


def only(checked):
    (looked,) = checked.looked
    return looked.verdict


def test_a_right_solution_gets_all_points():
    verdict = only(check(Affine))
    assert (verdict.status, verdict.score, verdict.max_score) == (Status.CORRECT, 6, 6)
    assert verdict.notes == ()


def test_a_wrong_array_costs_its_points_and_shows_its_picture():
    class Affine(globals()["Affine"]):
        def backward(self, upstream):
            dx = super().backward(upstream)
            self.db = upstream.mean(axis=0)
            return dx

    (looked,) = check(Affine).looked
    assert (looked.verdict.status, looked.verdict.score) == (Status.PARTIAL, 4)
    assert [one.array for one in looked.verdict.findings] == ["db"]
    assert [(one.array, one.wrong.sum()) for one in looked.pictures] == [("db", 3)]


@pytest.mark.parametrize(
    "target",
    [
        pytest.param(Affine, id="class"),
        pytest.param("Affine", id="name"),
        pytest.param(Affine(1, 2), id="object"),
        pytest.param(Affine.backward, id="method"),
        pytest.param(Affine(1, 2).backward, id="bound method"),
    ],
)
def test_an_exercise_may_be_meant_in_many_ways(target):
    assert only(check(target)).name == "Affine"
    assert check(target).score == 6


def test_an_object_is_answered_with_what_was_checked_instead():
    (note,) = only(check(Affine(1, 2))).notes
    assert note == "you passed an object made from Affine; Affine itself was checked"


@pytest.mark.parametrize(
    "function",
    [lambda x: 1 * relu_jacobian(x), functools.partial(lambda a, x: a * relu_jacobian(x), 1)],
    ids=["lambda", "partial"],
)
def test_a_function_without_a_name_is_known_by_the_name_it_is_bound_to(function):
    relu_jacobian = function
    assert check(relu_jacobian).score == 6


def test_a_partial_of_the_exercise_is_the_exercise():
    assert check(functools.partial(relu_jacobian)).score == 6


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("Afine", "no exercise is called Afine; did you mean Affine?"),
        ("relu", "no exercise is called relu; did you mean ReLU?"),
        (np.ones(3), "no exercise is called ndarray; layers has Affine, "),
        (None, "no exercise is called NoneType; layers has "),
        (lambda x: x, "no exercise is called <lambda>; layers has "),
    ],
)
def test_what_is_no_exercise_is_answered_kindly(target, answer):
    assert answer in str(check(target))
    assert check(target).score == 0


def test_an_exercise_that_is_not_defined_says_to_run_its_cell():
    (finding,) = only(check("Softmax")).findings
    assert finding.problem == "not defined"
    assert "run its cell first" in finding.detail


def test_a_stub_is_not_filled_in():
    def backward(self, upstream):
        raise NotImplementedError

    verdict = only(check(relu(backward)))
    assert (verdict.status, verdict.findings[0].problem) == (Status.MISSING, "not filled in")


def _hostile():
    class Hostile:
        def __array__(self, *_, **__):
            raise RuntimeError("no array")

        def __repr__(self):
            raise RuntimeError("no repr")

    return Hostile()


MISTAKES = {
    "None": lambda self, upstream: None,
    "text": lambda self, upstream: "dx",
    "a list of uneven lengths": lambda self, upstream: [[1], [1, 2]],
    "exit": lambda self, upstream: sys.exit(0),
    "recursion": lambda self, upstream: self.backward(upstream),
    "wrong arguments": lambda self: self.x,
    "hostile": lambda self, upstream: _hostile(),
    "nan": lambda self, upstream: upstream * np.nan,
    "empty": lambda self, upstream: np.ones((0, 3)),
    "complex": lambda self, upstream: upstream * 1j,
    "a number": lambda self, upstream: 3.0,
    "four axes": lambda self, upstream: np.ones((2, 3, 4, 5)),
}


@pytest.mark.parametrize("backward", MISTAKES.values(), ids=MISTAKES.keys())
def test_no_mistake_of_a_student_is_an_exception_of_check(backward):
    checked = check(relu(backward))
    assert checked.score == 0
    assert checked._repr_mimebundle_()["text/html"].startswith('<div class="grader-check"')
    assert "ReLU" in str(checked)


def test_an_endless_loop_is_interrupted_and_the_rest_goes_on():
    def backward(self, upstream):
        raise KeyboardInterrupt

    ReLU = relu(backward)
    assert "interrupted after 0 s; does a loop never end?" in only(check(ReLU)).stopped.detail
    assert check().score == 12  # Affine and relu_jacobian of this module


def test_a_gradient_by_differences_is_told_from_one_by_formula():
    def backward(self, upstream):
        x, dx, step = self.x, np.zeros(self.x.shape), 1e-6
        for at in np.ndindex(x.shape):
            up, down = x.copy(), x.copy()
            up[at], down[at] = x[at] + step, x[at] - step
            dx[at] = np.sum(upstream * (self.forward(up) - self.forward(down))) / (2 * step)
        return dx

    assert "computed by differences" in [
        one.problem for one in only(check(relu(backward))).findings
    ]


def differences(f, x, upstream):
    dx, step = np.zeros(x.shape), 1e-5
    for at in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[at], down[at] = x[at] + step, x[at] - step
        dx[at] = np.sum(upstream * (f(up) - f(down))) / (2 * step)
    return dx


def test_what_is_derived_is_not_remarked_beside_what_is_not():
    class Affine(globals()["Affine"]):
        def backward(self, upstream):
            x = self.x
            super().backward(upstream)
            dx = differences(self.forward, x, upstream)
            self.x = x
            return dx

    verdict = only(check(Affine))
    assert [one.name for one in verdict.arrays if one.correct] == ["dW", "db"]
    assert verdict.diagnosis.mistake == "computed-by-differences"


HONEST = {
    "once": "y = self.forward(self.x)\nreturn upstream * y * (1 - y)",
    "row by row": "x = self.x\nrows = [self.forward(row) for row in x]\n"
    "self.x, y = x, np.array(rows)\nreturn upstream * y * (1 - y)",
    "for every entry": "x, dx = self.x, np.zeros(self.x.shape)\n"
    "for at in np.ndindex(dx.shape):\n"
    "    y = self.forward(x)[at]\n    dx[at] = upstream[at] * y * (1 - y)\nreturn dx",
    "a copy for every entry": "x, dx = self.x, np.zeros(self.x.shape)\n"
    "for at in np.ndindex(dx.shape):\n"
    "    y = Sigmoid().forward(x.copy())[at]\n    dx[at] = upstream[at] * y * (1 - y)\nreturn dx",
    "both sides": "y, other = self.forward(self.x), self.forward(-self.x)\n"
    "return upstream * y * other",
}


@pytest.mark.parametrize("body", HONEST.values(), ids=HONEST)
def test_to_compute_forward_anew_is_honest(body):
    source = "class Sigmoid:\n    def forward(self, x):\n        self.x = x\n"
    source += "        return np.exp(-np.logaddexp(0.0, -x))\n    def backward(self, upstream):\n"
    names = {"np": np}
    exec(source + "".join(f"        {line}\n" for line in body.split("\n")), names)
    verdict = only(check(names["Sigmoid"]))
    assert (verdict.status, verdict.findings) == (Status.CORRECT, ())


def test_all_exercises_are_summed_up():
    checked = check()
    assert (checked.title, checked.score, checked.max_score) == (
        "Backward passes of layers",
        12,
        60,
    )
    assert str(checked).splitlines()[-1].split() == ["total", "12", "/", "60"]


def test_nothing_of_the_student_is_changed(capfd):
    def backward(self, upstream):
        np.exp(1000.0 * upstream * upstream)  # a RuntimeWarning, which nbgrader would punish
        upstream[...] = 0
        self.x[...] = 0
        return upstream

    ReLU, before = relu(backward), dict(vars(Affine))
    np.random.seed(3)
    expected, errors = np.random.default_rng, np.geterr()
    state = np.random.get_state()[1].copy()
    filters = list(warnings.filters)
    verdict = only(check(ReLU))
    assert "argument changed" in [one.problem for one in verdict.findings]
    assert dict(vars(Affine)) == before
    assert (np.random.get_state()[1] == state).all()
    assert (np.geterr(), list(warnings.filters), np.random.default_rng) == (
        errors,
        filters,
        expected,
    )
    assert capfd.readouterr() == ("", "")


def test_what_a_student_prints_is_printed(capsys):
    def backward(self, upstream):
        print("here")
        return upstream * (self.x > 0)

    assert check(relu(backward)).score == 6
    assert capsys.readouterr().out.startswith("here\n")


def test_what_a_student_wrote_is_escaped():
    def backward(self, upstream):
        raise ValueError("<script>alert(1)</script>")

    page = check(relu(backward))._repr_mimebundle_()["text/html"]
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_outside_a_kernel_the_plain_text_is_for_people():
    plain = check(Affine)._repr_mimebundle_()["text/plain"]
    assert plain.startswith("Affine ")
    assert plain.split()[1:] == ["correct", "6", "/", "6"]


def test_the_door_is_a_function_whatever_was_imported_before():
    assert grader.check is check is grader.checking.check
    assert grader.__version__.count(".") == 2


def test_a_grade_is_a_number():
    assert float(check(Affine)) == 6.0


# ---------------------------------------------------------------- the folder of the notebook


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder with exercises.json in it, in which the kernel stands."""
    content = json.loads((ASSIGNMENTS / "layers" / "exercises.json").read_text())
    monkeypatch.chdir(tmp_path)

    def write(**changes):
        (tmp_path / "exercises.json").write_text(json.dumps({**content, **changes}))

    return write


def test_the_folder_of_the_notebook_comes_before_the_bundled_course(own):
    own(title="Our own layers")
    assert check().title == "Our own layers"


def test_a_damaged_exercises_file_says_what_to_do(own):
    own(schema="something else")
    assert "exercises.json beside the notebook is damaged" in str(check(Affine))
    assert "Replace it by a fresh copy" in str(check(Affine))


def test_where_the_course_is_at_fault_nobody_loses_points(own):
    own(published={})
    verdict = only(check(relu_jacobian))
    assert verdict.status == Status.UNGRADED
    assert "Build the assignment again" in verdict.findings[0].detail


@pytest.mark.parametrize(("runs", "notes"), [(False, 0), (True, 1)])
def test_of_a_training_run_is_told_where_there_was_one(monkeypatch, runs, notes):
    monkeypatch.chdir(ASSIGNMENTS / "circle")

    def train(X, t, params, lr, steps):
        if not runs:
            raise NotImplementedError
        return params, [0.0] * steps

    found = [one for one in only(check(train)).notes if "trained in full" in one]
    assert len(found) == notes


def test_a_run_that_cannot_learn_points_at_the_exercise_that_keeps_it_from_that(monkeypatch):
    monkeypatch.chdir(ASSIGNMENTS / "circle")

    def backprop(X, t, params):
        return {name: np.zeros_like(p) for name, p in params.items()}, 0.0

    def train(X, t, params, lr, steps):
        return params, [backprop(X, t, params)[1]] * steps

    for checked in (check(train), check()):
        verdict = next(one.verdict for one in checked.looked if one.verdict.name == "train")
        (finding,) = verdict.findings
        assert "backprop is wrong; the network cannot learn" in finding.detail
        assert verdict.diagnosis is None


@pytest.mark.parametrize("is_used", [False, True])
def test_only_a_library_that_does_the_work_is_refused(monkeypatch, is_used):
    monkeypatch.chdir(ASSIGNMENTS / "circle")
    torch = types.ModuleType("torch")  # stands for the real one, which is slow to import
    namespace = {"torch": torch, "np": np, "check": check}
    uses = "torch.use = steps" if is_used else "params = {**params}"
    train = f"def train(X, t, params, lr, steps):\n    {uses}\n    return params, [0.0] * steps\n"
    exec(f"{train}\nchecked = check(train)", namespace)
    refused = only(namespace["checked"]).stopped
    assert is_used == (refused is not None and "train uses torch" in refused.detail)


def test_nothing_defined_at_all_says_to_run_the_cells():
    code = "from grader import check; print(check())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert "Run the cells of the notebook first" in done.stdout
    assert done.stderr == ""


# ---------------------------------------------------------------- cells


@pytest.fixture
def shell():
    interactive = pytest.importorskip("IPython.core.interactiveshell").InteractiveShell
    shell = interactive.instance(history_length=0, cache_size=0)
    shell.history_manager.enabled = False
    yield shell
    shell.reset(new_session=True)
    interactive.clear_instance()


RELU = """
class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0)
    def backward(self, upstream):
        return {}
"""


def run(shell, *cells):
    """Run cells, each a text or a pair of id and text; returns the last result."""
    for cell in cells:
        name, text = cell if isinstance(cell, tuple) else (None, cell)
        result = shell.run_cell(text, store_history=True, silent=False, cell_id=name)
        assert result.success, text
    return result.result


def test_the_last_definition_counts_and_its_cell_is_named(shell, capsys):
    wrong, right = RELU.format("upstream"), RELU.format("upstream * (self.x > 0)")
    checked = run(
        shell, "import numpy as np\nfrom grader import check", wrong, right, "check(ReLU)"
    )
    assert (checked.score, checked.looked[0].home) == (6, "cell In[3]")


def test_a_line_that_raises_is_named_by_cell_and_line(shell, capsys):
    setup = "import numpy as np\nfrom grader import check\ndef helper(u):\n    return u.missing"
    checked = run(shell, setup, RELU.format("helper(upstream)"), "check(ReLU)")
    stopped = only(checked).stopped
    assert stopped.detail.startswith("helper, cell In[1], line 4: `return u.missing` raised")
    assert stopped.line == 4


WRONG, RIGHT = RELU.format("upstream"), RELU.format("upstream * (self.x > 0)")
SETUP = (
    "import numpy as np\nimport grader.history\nfrom grader import check\ngrader.history.listen()"
)


@pytest.fixture
def kept(monkeypatch):
    """No cells of other tests, and no notebook on disk."""
    monkeypatch.setattr("grader.history._cells", {})
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def test_two_cells_that_define_one_name_are_told(shell, kept, capsys):
    checked = run(shell, SETUP, ("one", RIGHT), ("two", WRONG), ("three", "check(ReLU)"))
    (note,) = only(checked).notes
    assert note.startswith("In[2] and In[3] define ReLU differently; In[3], which ran last, was")


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param([("one", WRONG), ("one", RIGHT)], id="one cell, edited"),
        pytest.param([("one", WRONG), ("two", WRONG)], id="the same text"),
        pytest.param([("one", WRONG), ("two", f"{WRONG}# moved\n")], id="but for a comment"),
        pytest.param([("one", WRONG), ("one", "x = 1"), ("two", RIGHT)], id="moved elsewhere"),
        pytest.param([WRONG, RIGHT], id="no ids"),
    ],
)
def test_honest_running_again_is_not_remarked(shell, kept, cells, capsys):
    assert only(run(shell, SETUP, *cells, ("check", "check(ReLU)"))).notes == ()


def test_a_cell_that_is_no_longer_in_the_notebook_defines_nothing(
    shell, kept, tmp_path, monkeypatch, capsys
):
    notebook = tmp_path / "layers.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook))
    for ids, count in ((["one", "two"], 1), (["two"], 0)):
        notebook.write_text(json.dumps({"cells": [{"id": one} for one in ids]}))
        checked = run(shell, SETUP, ("one", WRONG), ("two", RIGHT), ("check", "check(ReLU)"))
        assert len(only(checked).notes) == count
