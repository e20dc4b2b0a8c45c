"""Iris: its published end points, torch as witness, and what its exercises accept and refuse."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader import check
from grader.assignment import load
from grader.calls.autograd import counting
from grader.errors import MissingLibrary
from grader.exercise import PUBLIC
from grader.judge import judge
from grader.kernel import play
from grader.key import ExerciseKey
from grader.kinds import KINDS
from grader.notebook import parse
from grader.oracle import exercise_key, reference_key
from grader.pipeline import grade
from grader.points import IRIS_COVARIANCES, IRIS_MEANS, Iris
from grader.submission import find

torch = pytest.importorskip("torch")

ROOT = Path(__file__).parent.parent
PAGE = load(ROOT / "reference" / "iris.py")
NAMES = PAGE.namespace
FLOWERS = np.loadtxt(ROOT / "reference" / "data" / "iris.csv", delimiter=",")
X, Y = NAMES["sepal_and_petal"](FLOWERS)
EXERCISES = {one.name: one for one in PAGE.exercises}
SEEDS = range(30)


def start(seed, units=100):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((2, units)), rng.standard_normal((units, 2))


def tensors(*arrays):
    return [torch.tensor(array) for array in arrays]


def model_from(W1, W2):
    model = NAMES["new_model"](len(W1), len(W2), W2.shape[1])
    with torch.no_grad():
        for p, W in zip(model.parameters(), tensors(W1, W2), strict=True):
            p.copy_(W.T)
    return model


# --- what was published


def descended(inputs, targets, seed):
    """The sum of squared errors at the start and after 40 steps of numpy_gradients."""
    W1, W2 = start(seed)
    losses = []
    for _ in range(41):
        losses.append(np.sum((np.maximum(0, inputs @ W1) @ W2 - targets) ** 2))
        dW1, dW2 = NAMES["numpy_gradients"](inputs, targets, W1, W2)
        W1, W2 = W1 - 1e-4 * dW1, W2 - 1e-4 * dW2
    return losses[0], losses[-1]


def test_gradient_descent_ends_at_about_44_after_40_steps_from_thousands():
    starts, ends = np.transpose([descended(X, Y, seed) for seed in SEEDS])
    assert starts.min() > 1000
    assert np.median(ends) == pytest.approx(44, abs=3)
    assert np.mean(np.abs(ends - 44) < 10) > 0.5


@pytest.mark.parametrize(("centre", "standardise"), [(False, True), (True, False)])
def test_it_needs_standardised_inputs_and_centred_targets(centre, standardise):
    flowers = FLOWERS[FLOWERS[:, 4] > 0]
    inputs = X if standardise else flowers[:, :2]
    targets = Y if centre else flowers[:, 2:4]
    with np.errstate(all="ignore"):
        ends = [descended(inputs, targets, seed)[1] for seed in SEEDS]
    assert not np.nanmedian(ends) < 60


def test_the_classifier_ends_at_about_007_after_100_epochs():
    ends = []
    for seed in SEEDS:
        model = NAMES["Classifier"]([4, 8, 9, 3], np.random.default_rng(seed))
        losses = NAMES["train"](model, FLOWERS[:, :4], FLOWERS[:, 4].astype(int), 0.01, 101)
        ends.append(losses[100])
    assert np.median(ends) == pytest.approx(0.07, abs=0.015)


# --- one network, five ways


@pytest.mark.parametrize("seed", range(5))
def test_the_five_ways_give_the_same_gradients_from_the_same_start(seed):
    ways = {
        "numpy": NAMES["numpy_gradients"](X, Y, *start(seed)),
        "tensors": NAMES["tensor_gradients"](*tensors(X, Y, *start(seed))),
        "autograd": NAMES["autograd_gradients"](
            *tensors(X, Y), *(W.requires_grad_() for W in tensors(*start(seed)))
        ),
    }
    for name in ("nn", "optim"):
        model, (x, y) = model_from(*start(seed)), tensors(X, Y)
        if name == "nn":
            NAMES["nn_step"](model, x, y, 1e-4)
        else:
            adam = torch.optim.Adam(model.parameters(), lr=1e-3)
            NAMES["optim_step"](model, adam, x, y)
        ways[name] = [p.grad.T for p in model.parameters()]
    for gradients in ways.values():
        for one, other in zip(gradients, ways["numpy"], strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-11, atol=1e-9)


@pytest.mark.parametrize("number", range(6))
def test_backward_of_the_classifier_agrees_with_autograd(number):
    case = EXERCISES["Classifier"].case(number, PUBLIC)
    answers = KINDS["network"].play(NAMES, "Classifier", case).answers
    p = {name: torch.tensor(array, requires_grad=True) for name, array in case.params.items()}
    x = torch.relu(torch.tensor(case.inputs["x"]) @ p["W1"] + p["b1"])
    out = torch.relu(x @ p["W2"] + p["b2"]) @ p["W3"] + p["b3"]
    gradients = torch.autograd.grad(out, p.values(), torch.tensor(case.upstream))
    for name, gradient in zip(p, gradients, strict=True):
        np.testing.assert_allclose(answers[f"d{name}"], gradient, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("number", range(4))
def test_short_runs_agree_with_torch(number):
    case = EXERCISES["train"].case(number, PUBLIC)
    data, options, losses = torch.tensor(case.inputs["data"]), case.options, []
    p = {name: torch.tensor(array, requires_grad=True) for name, array in case.params.items()}
    adam = torch.optim.Adam(p.values(), lr=options["lr"], eps=options["eps"])
    for _ in range(options["steps"]):
        adam.zero_grad()
        x = torch.relu(data[:, :4] @ p["W1"] + p["b1"])
        scores = torch.relu(x @ p["W2"] + p["b2"]) @ p["W3"] + p["b3"]
        loss = torch.nn.functional.cross_entropy(scores, data[:, 4].long())
        losses.append(float(loss.detach()))
        loss.backward()
        adam.step()
    moved = [(p[n].detach().numpy() - array).ravel() for n, array in case.params.items()]
    for name, answer in KINDS["training"].play(NAMES, "train", case).answers.items():
        expected = losses if name == "losses" else np.concatenate(moved)
        np.testing.assert_allclose(answer, expected, rtol=1e-8, atol=1e-11)


# --- the flowers that are drawn


def test_the_flowers_have_the_means_and_covariances_of_the_file():
    for species in range(3):
        chosen = FLOWERS[FLOWERS[:, 4] == species, :4]
        np.testing.assert_allclose(IRIS_MEANS[species], chosen.mean(axis=0), atol=5e-4)
        np.testing.assert_allclose(IRIS_COVARIANCES[species], np.cov(chosen.T), atol=6e-5)


def test_a_sample_is_distributed_as_its_description_says():
    rows = Iris("points").sample(np.random.default_rng(1), {"points": 30_000})
    for species in range(3):
        chosen = rows[rows[:, 4] == species, :4]
        assert len(chosen) == 10_000
        np.testing.assert_allclose(chosen.mean(axis=0), IRIS_MEANS[species], atol=0.03)
        np.testing.assert_allclose(np.cov(chosen.T), IRIS_COVARIANCES[species], atol=0.02)


def test_exchanged_labels_are_those_of_the_next_species():
    one, other = (
        Iris("points", exchanged).sample(np.random.default_rng(1), {"points": 12})
        for exchanged in (False, True)
    )
    np.testing.assert_array_equal(one[:, :4], other[:, :4])
    np.testing.assert_array_equal((one[:, 4] + 1) % 3, other[:, 4])


# --- whole notebooks


def cells_of(page):
    return [
        (f"cell {cell.number}", cell.source)
        for cell in parse(page.encode(), ".py").cells
        if cell.kind == "code"
    ]


HANDED_IN = PAGE.source.split('# %% tags=["grader"]')[0]
GUARDED = HANDED_IN[HANDED_IN.index("try:\n    import torch") : HANDED_IN.index("# %% tags=")]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(HANDED_IN, id="as the page has it"),
        pytest.param("import torch\n\n# %%\n" + HANDED_IN, id="import torch at the top"),
        pytest.param(HANDED_IN.replace(GUARDED, "import torch, math\n\n"), id="import torch alone"),
        pytest.param(
            HANDED_IN.replace("import numpy as np\n", "import numpy as np, torch\n", 1),
            id="numpy and torch in one line",
        ),
    ],
)
def test_a_right_notebook_of_numpy_and_torch_gets_all_points(box, page):
    keys = reference_key(PAGE, "a secret of the tests").exercises
    replies = box.play(cells_of(page), [key.request for key in keys])
    verdicts = [judge(key, reply) for key, reply in zip(keys, replies, strict=True)]
    assert {one.name: str(one.status) for one in verdicts} == dict.fromkeys(EXERCISES, "correct")
    assert sum(one.score for one in verdicts) == PAGE.max_score == 50


def test_the_network_blames_its_classifier_and_no_other_exercise(box, tmp_path):
    empty = (ROOT / "assignments" / "iris" / "iris.ipynb").read_bytes()
    (tmp_path / "iris.ipynb").write_bytes(empty)
    (handed_in,) = find([tmp_path / "iris.ipynb"], {"iris": tuple(EXERCISES)}, tmp_path)
    verdicts = grade(handed_in, reference_key(PAGE, "of the tests"), box).report.exercises
    assert {str(one.status) for one in verdicts} == {"missing"}
    (finding,) = verdicts[-1].findings
    assert finding.detail == (
        "Classifier.backward is not filled in; the network cannot learn before it is right"
    )


BY_DIFFERENCES = """
class Classifier(Classifier):
    def backward(self, upstream):
        grads = {name: np.empty(p.shape) for name, p in self.params.items()}
        for name, p in self.params.items():
            for at in np.ndindex(p.shape):
                old = p[at]
                p[at] = old + 1e-5
                up = np.sum(upstream * self.forward(self.x))
                p[at] = old - 1e-5
                grads[name][at] = (up - np.sum(upstream * self.forward(self.x))) / 2e-5
                p[at] = old
        return grads
"""


def test_finite_differences_earn_nothing_and_do_not_come_to_an_end(box):
    keys = {one.exercise.name: one for one in reference_key(PAGE, "of the tests").exercises}
    short = replace(keys["train"], exercise=replace(EXERCISES["train"], limit_seconds=5.0))
    cells = [*cells_of(HANDED_IN), ("cell 99", BY_DIFFERENCES)]
    replies = box.play(cells, [keys["Classifier"].request, short.request])
    by_formula, trained = map(judge, (keys["Classifier"], short), replies)
    assert by_formula.score == 0
    assert by_formula.diagnosis.mistake == "computed-by-differences"
    assert trained.score == 0
    assert trained.stopped.how == "timed out"


# --- autograd where a formula is asked for


LOSS = "((torch.relu(X @ W1) @ W2 - Y) ** 2).sum()"
FORMULA = """
    g = X @ W1
    d = 2 * (g.clamp(min=0) @ W2 - Y)
    return X.T @ ((d @ W2.T) * (g > 0)), g.clamp(min=0).T @ d
"""
BY_AUTOGRAD = {
    "backward": f"""
    W1.requires_grad_(), W2.requires_grad_()
    {LOSS}.backward()
    return W1.grad, W2.grad""",
    "grad": f"""
    W1, W2 = W1.clone().requires_grad_(), W2.clone().requires_grad_()
    return torch.autograd.grad({LOSS}, [W1, W2])""",
    "func.grad": f"return torch.func.grad(lambda W1, W2: {LOSS}, argnums=(0, 1))(W1, W2)",
    "jacobian": (f"return torch.autograd.functional.jacobian(lambda W1, W2: {LOSS}, (W1, W2))"),
    "forward mode": f"return torch.func.jacfwd(lambda W1, W2: {LOSS}, argnums=(0, 1))(W1, W2)",
    "nodes": """
    W1, W2 = W1.clone().requires_grad_(), W2.clone().requires_grad_()
    h = torch.relu(X @ W1)
    d = 2 * (h @ W2 - Y)
    node = (h @ W2).grad_fn
    dh, dW2 = node(d)
    return X.T @ (dh * (h > 0)), dW2""",
    "the engine itself": f"""
    W1, W2 = W1.clone().requires_grad_(), W2.clone().requires_grad_()
    run, one = torch._C._ImperativeEngine().run_backward, torch.ones((), dtype=X.dtype)
    return run(({LOSS},), (one,), False, False, (W1, W2), accumulate_grad=False)""",
    "a kernel": """
    g = X @ W1
    d = 2 * (g.clamp(min=0) @ W2 - Y)
    return X.T @ torch.ops.aten.threshold_backward(d @ W2.T, g, 0), g.clamp(min=0).T @ d""",
    "one of both": f"""
    W1.requires_grad_()
    dW1, = torch.autograd.grad({LOSS}, W1)
    W1.requires_grad_(False)
    return dW1, (torch.relu(X @ W1)).T @ (2 * (torch.relu(X @ W1) @ W2 - Y))""",
}
BY_FORMULA = {
    "formula": FORMULA,
    "a graph that nobody walks": "    W1 = W1.clone().requires_grad_()" + FORMULA,
    "no_grad": "    torch.set_grad_enabled(False)" + FORMULA,
    "names of autograd": "    loss = torch.autograd.grad" + FORMULA,
}


def verdict_on(body, credit=0.0):
    names = {"torch": torch}
    exec(f"def tensor_gradients(X, Y, W1, W2):\n    {body.strip()}", names)
    exercise = replace(EXERCISES["tensor_gradients"], credit_by_differences=credit)
    key = exercise_key(PAGE, exercise, PUBLIC)
    with torch.enable_grad():
        return judge(key, play(names, key.request))


@pytest.mark.parametrize("body", BY_AUTOGRAD.values(), ids=BY_AUTOGRAD)
def test_right_numbers_by_autograd_earn_what_the_exercise_says(body):
    found = verdict_on(body)
    assert (found.status, found.score) == ("wrong", 0)
    assert {one.problem for one in found.findings} == {"computed by autograd"}
    assert found.diagnosis.mistake == "computed-by-autograd"
    assert verdict_on(body, credit=0.5).score == 3


@pytest.mark.parametrize("body", BY_FORMULA.values(), ids=BY_FORMULA)
def test_a_formula_is_not_taken_for_autograd(body):
    assert verdict_on(body).status == "correct"


def test_nothing_is_recorded_after_a_call():
    for body in (BY_AUTOGRAD["backward"], "raise RuntimeError"):
        verdict_on(body)
        assert not torch._C._autograd._profiler_enabled()


def test_something_is_recorded_during_a_call():
    names = {"torch": torch}
    exec("def f(x): return x * torch._C._autograd._profiler_enabled()", names)
    with counting():
        assert names["f"](1)


# --- without torch


def test_the_table_of_kinds_needs_no_torch():
    code = "import sys, grader.kinds; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


WANTED = r"needs torch, which is not installed: pip install 'autograd-grader\[torch\]'"


def test_without_torch_the_numpy_exercises_work_and_the_others_say_what_to_do(monkeypatch):
    keys = {one.exercise.name: one for one in reference_key(PAGE, PUBLIC).exercises}
    monkeypatch.setitem(sys.modules, "torch", None)
    names = {}
    for _, source in cells_of(HANDED_IN):
        if not source.startswith("# "):
            exec(source, names)  # every definition can be made
    assert names["torch"] is None
    verdicts = {name: judge(key, play(names, key.request)) for name, key in keys.items()}
    torchless = {"numpy_gradients", "Classifier", "train"}
    assert {name for name, one in verdicts.items() if one.status == "correct"} == torchless
    for name in EXERCISES.keys() - torchless:
        assert verdicts[name].stopped.detail.endswith(WANTED.replace("\\", ""))


def test_check_says_without_torch_what_to_install(monkeypatch):
    monkeypatch.chdir(ROOT / "assignments" / "iris")
    monkeypatch.setitem(sys.modules, "torch", None)
    tensor_gradients = NAMES["tensor_gradients"]
    told = check(tensor_gradients)
    assert "not graded" in str(told)
    assert re.search(f"tensor_gradients {WANTED}", " ".join(str(told).split()))


def test_without_torch_no_key_is_built_and_the_words_say_why(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    page = load(ROOT / "reference" / "iris.py")
    with pytest.raises(MissingLibrary, match=f"tensor_gradients {WANTED}"):
        reference_key(page, PUBLIC)
    exercise = EXERCISES["numpy_gradients"]
    assert isinstance(exercise_key(page, exercise, PUBLIC), ExerciseKey)
