"""The references against torch's autograd, a witness that shares nothing with them."""

from pathlib import Path

import numpy as np
import pytest

from grader.assignment import load
from grader.exercise import PUBLIC
from grader.kinds import KINDS

torch = pytest.importorskip("torch")
functional = torch.nn.functional

REFERENCE = Path(__file__).parent.parent / "reference"
PAGES = [load(REFERENCE / f"{slug}.py") for slug in ("layers", "losses")]
GRADED = [(page, exercise) for page in PAGES for exercise in page.exercises]
CASES = [
    pytest.param(page, exercise, number, id=f"{exercise.name}-{exercise.variations[number].name}")
    for page, exercise in GRADED
    for number in range(len(exercise.variations))
]

FORWARD = {
    "Affine": lambda x, W, b: x @ W + b,
    "ReLU": torch.relu,
    "relu_jacobian": torch.relu,
    "LeakyReLU": lambda x, slope=0.01: functional.leaky_relu(x, slope),
    "Sigmoid": torch.sigmoid,
    "Tanh": torch.tanh,
    "Softmax": lambda x: torch.softmax(x, dim=-1),
    "SumSquaredError": lambda s, t: functional.mse_loss(s, t, reduction="sum"),
    "MSELoss": functional.mse_loss,
    "LogisticCrossEntropy": lambda s, t: functional.binary_cross_entropy_with_logits(s, t.double()),
    "SoftmaxCrossEntropy": functional.cross_entropy,
    # torch divides by the number of classes too
    "HingeLoss": lambda s, t: functional.multi_margin_loss(s, t) * s.shape[1],
}


def _chain(x, *scales, links=3):
    for places in range(1, links + 1):
        scale = scales[(places - 1) % len(scales)]
        x = torch.roll(x, places, dims=-1) * scale + places
    return x


def _autograd(exercise, case):
    """Every array that earns points, by torch."""
    values = {name: torch.tensor(a) for name, a in [*case.inputs.items(), *case.params.items()]}
    if exercise.kind == "function":
        jacobian = torch.autograd.functional.jacobian(FORWARD[exercise.name], values["x"])
        return {"jacobian": jacobian.numpy()}
    wanted = [values[name.removeprefix("d")].requires_grad_() for name in case.answers]
    forward = _chain if exercise.kind == "chain" else FORWARD[exercise.name]
    out = forward(*values.values(), **case.options)
    upstream = None if case.upstream is None else torch.tensor(case.upstream)
    gradients = torch.autograd.grad(out, wanted, upstream)
    return dict(zip(case.answers, (one.numpy() for one in gradients), strict=True))


@pytest.mark.parametrize(("page", "exercise", "number"), CASES)
def test_a_reference_agrees_with_torch(page, exercise, number):
    case = exercise.case(number, PUBLIC)
    answers = KINDS[exercise.kind].play(page.namespace, exercise.name, case).answers
    for name, expected in _autograd(exercise, case).items():
        np.testing.assert_allclose(answers[name], expected, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize(("page", "exercise", "number"), CASES)
def test_a_reference_leaves_its_arguments_as_they_were(page, exercise, number):
    case = exercise.case(number, PUBLIC)
    arguments = KINDS[exercise.kind].play(page.namespace, exercise.name, case).arguments
    given = {**case.inputs, **case.params, "upstream": case.upstream}
    for name, array in arguments.items():
        np.testing.assert_array_equal(array, given[name])


@pytest.mark.parametrize(("page", "points"), [(PAGES[0], 60), (PAGES[1], 40)])
def test_the_points_of_a_page_add_up(page, points):
    assert page.max_score == points


# a vector of six, as relu_jacobian has it, cannot hold all of these, and has no exp to overflow
EXTREME = [c for c in CASES if "s up to 1000" in c.id and not c.id.startswith("relu_jacobian")]


@pytest.mark.parametrize(("page", "exercise", "number"), EXTREME)
@pytest.mark.parametrize("secret", ["a", "b"])
def test_an_extreme_case_overflows_exp_on_both_sides_and_is_moderate_too(
    page, exercise, number, secret
):
    values = next(iter(exercise.case(number, secret).inputs.values()))
    assert values.max() > 500
    assert values.min() < -500
    assert np.abs(values).min() < 2
    assert np.abs(values).max() > np.log(np.finfo(float).max)


def test_there_are_extreme_cases():
    assert len(EXTREME) >= 8
