"""Circle and moons against torch: gradients by autograd, steps by torch.optim, learning in full."""

from pathlib import Path

import numpy as np
import pytest

from grader.assignment import load
from grader.exercise import PUBLIC
from grader.kinds import KINDS
from grader.template import STUBS, given_cells

torch = pytest.importorskip("torch")
functional = torch.nn.functional

ROOT = Path(__file__).parent.parent
PAGES = {slug: load(ROOT / "reference" / f"{slug}.py") for slug in ("circle", "moons")}
SHORT = [
    pytest.param(slug, number, id=f"{slug}-{variation.name}")
    for slug, page in PAGES.items()
    for number, variation in enumerate(page.exercises[-1].variations)
    if variation.options["steps"] <= 10
]


def tensors(arrays):
    return {name: torch.tensor(array, requires_grad=True) for name, array in arrays.items()}


def circle_loss(p, X, t):
    z = torch.tanh(X @ p["U"] + p["b"]) @ p["W"] + p["c"]
    return functional.binary_cross_entropy_with_logits(z, t.double())


def moons_loss(p, X, t):
    x = torch.relu(torch.relu(X @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])
    return functional.cross_entropy(x @ p["W3"] + p["b3"], t)


LOSS = {"circle": circle_loss, "moons": moons_loss}


def exercise_of(slug, name):
    return next(one for one in PAGES[slug].exercises if one.name == name)


def play(slug, exercise, case):
    return KINDS[exercise.kind].play(PAGES[slug].namespace, exercise.name, case).answers


@pytest.mark.parametrize("number", range(7))
def test_backprop_agrees_with_autograd(number):
    exercise = exercise_of("circle", "backprop")
    case = exercise.case(number, PUBLIC)
    answers, params = play("circle", exercise, case), tensors(case.params)
    X, t = (torch.tensor(case.inputs[name]) for name in ("X", "t"))
    loss = circle_loss(params, X, t)
    assert float(loss.detach()) == pytest.approx(answers["loss"], rel=1e-12)
    gradients = torch.autograd.grad(loss, params.values())
    for name, gradient in zip(params, gradients, strict=True):
        np.testing.assert_allclose(answers[f"d{name}"], gradient, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("number", range(6))
def test_backward_of_the_network_agrees_with_autograd(number):
    exercise = exercise_of("moons", "MLP")
    case = exercise.case(number, PUBLIC)
    answers, p = play("moons", exercise, case), tensors(case.params)
    x = torch.tensor(case.inputs["x"])
    x = torch.relu(torch.relu(x @ p["W1"] + p["b1"]) @ p["W2"] + p["b2"])
    out = x @ p["W3"] + p["b3"]
    gradients = torch.autograd.grad(out, p.values(), torch.tensor(case.upstream))
    for name, gradient in zip(p, gradients, strict=True):
        np.testing.assert_allclose(answers[f"d{name}"], gradient, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(("slug", "number"), SHORT)
def test_short_runs_agree_with_torch(slug, number):
    exercise = PAGES[slug].exercises[-1]
    case = exercise.case(number, PUBLIC)
    data, options = torch.tensor(case.inputs["data"]), case.options
    params, losses = tensors(case.params), []
    optimizer = torch.optim.SGD(
        params.values(), lr=options["lr"], momentum=options.get("momentum", 0.0)
    )
    for _ in range(options["steps"]):
        optimizer.zero_grad()
        loss = LOSS[slug](params, data[:, :-1], data[:, -1].long())
        losses.append(float(loss.detach()))
        loss.backward()
        optimizer.step()
    trained = {name: p.detach().numpy() for name, p in params.items()}
    moved = np.concatenate([(trained[name] - p).ravel() for name, p in case.params.items()])
    for name, answer in play(slug, exercise, case).items():
        expected = losses if name == "losses" else moved
        np.testing.assert_allclose(answer, expected, rtol=1e-8, atol=1e-12)


def test_the_circle_reproduces_the_published_loss():
    page = PAGES["circle"].namespace
    rng = np.random.default_rng(1)
    X, t = page["make_circle"](500, rng)
    shapes = {"U": (2, 3), "b": 3, "W": 3, "c": ()}
    start = {name: rng.uniform(-1, 1, shape) for name, shape in shapes.items()}
    _, losses = page["train"](X, t, start, 1.0, 1000)
    assert losses[0] == pytest.approx(0.75, abs=0.15)
    assert losses[-1] == pytest.approx(0.03, abs=0.01)


def test_the_moons_reproduce_the_published_accuracy_on_the_published_points():
    page = PAGES["moons"].namespace
    data = np.loadtxt(ROOT / "reference" / "data" / "moons.csv", delimiter=",")
    X, y = (
        (data[:, :2] - data[:, :2].mean(axis=0)) / data[:, :2].std(axis=0),
        data[:, 2].astype(int),
    )
    model = page["MLP"]([2, 264, 2, 2], np.random.default_rng(0))
    page["train"](model, X[:800], y[:800], 0.01, 0.99, 1000)
    assert np.mean(model.forward(X[:800]).argmax(axis=1) == y[:800]) >= 0.975


@pytest.mark.parametrize("slug", ["circle", "moons", "optimizers"])
def test_stubs_hold_their_docstring_and_raise(slug):
    page = load(ROOT / "reference" / f"{slug}.py")
    solutions = [cell for cell in given_cells(page) if cell.role == "solution"]
    assert len(solutions) == len(page.exercises)
    for cell in solutions:
        stub = STUBS[cell.exercise.kind] or cell.exercise.name
        after = cell.source.split(f"def {stub}(")[1]
        last = [line.strip() for line in after.rstrip().splitlines()[-3:]]
        assert last[0].startswith("# BEGIN SOLUTION")
        assert last[1:] == ["raise NotImplementedError", "# END SOLUTION"]
        assert after.count('"""') == 2


@pytest.mark.parametrize(("slug", "points"), [("circle", 40), ("moons", 60), ("optimizers", 60)])
def test_the_points_of_a_page_add_up(slug, points):
    assert load(ROOT / "reference" / f"{slug}.py").max_score == points
