"""Derivatives, normalization, convolution and sequences against torch's autograd, which shares
nothing with the references. Each forward here is torch's own wherever torch has one."""

from pathlib import Path

import numpy as np
import pytest

from grader.assignment import load
from grader.exercise import PUBLIC
from grader.kinds import KINDS

torch = pytest.importorskip("torch")
functional = torch.nn.functional

REFERENCE = Path(__file__).parent.parent / "reference"
PAGES = [load(REFERENCE / f"{slug}.py") for slug in ("normalization", "convolution", "sequences")]
DERIVATIVES = load(REFERENCE / "derivatives.py")
GRADED = [(page, exercise) for page in PAGES for exercise in page.exercises]
CASES = [
    pytest.param(page, exercise, number, id=f"{exercise.name}-{exercise.variations[number].name}")
    for page, exercise in GRADED
    for number in range(len(exercise.variations))
]


GROUPS = ("weights", "biases")
LOUD = 1e6  # waves above this frequency are noise


def _is_training(case):
    return case.options.get("forward", {}).get("training", True)


def _batch_norm(case, x, gamma, beta):
    running = torch.zeros(gamma.shape).double(), torch.ones(gamma.shape).double()
    momentum, eps = case.options.get("momentum", 0.1), case.options.get("eps", 1e-5)
    if "x" in case.others:
        before = torch.tensor(case.others["x"])
        functional.batch_norm(before, *running, gamma, beta, True, momentum, eps)
    return functional.batch_norm(x, *running, gamma, beta, _is_training(case), momentum, eps)


def _layer_norm(case, x, gamma, beta):
    return functional.layer_norm(x, gamma.shape, gamma, beta, case.options.get("eps", 1e-5))


def _rms_norm(case, x, gamma):
    return functional.rms_norm(x, gamma.shape, gamma, case.options.get("eps", 1e-5))


def _dropout(case, x):
    """With the coins of NumPy's generator, as the page says."""
    p, rng = case.options["p"], np.random.default_rng(case.options["rng"])
    if "x" in case.others and case.calls == "reused":
        rng.random(case.others["x"].shape)
    if not _is_training(case):
        return functional.dropout(x, p, training=False)
    return torch.where(torch.tensor(rng.random(x.shape) >= p), x / (1 - p), 0.0)


def _pooling(pool):
    return lambda case, x: pool(x, case.options["size"], case.options.get("stride"))


def _rnn_cell(case, x, h, *weights):
    Wx, Wh, b = weights
    return torch.rnn_tanh_cell(x, h, Wx.T, Wh.T, b, torch.zeros_like(b))


def _rnn(case, x, h, *weights):
    states = [h]
    for t in range(x.shape[1]):
        states.append(_rnn_cell(case, x[:, t], states[-1], *weights))
    return torch.stack(states[1:], dim=1)


def _lstm_cell(case, x, h, c, *weights):
    """Torch has the gates in the order i f g o."""
    Wx, Wh, b = (_with_g_before_o(one) for one in weights)
    return torch.stack(torch.lstm_cell(x, (h, c), Wx.T, Wh.T, b, torch.zeros_like(b)))


def _with_g_before_o(weights):
    i, f, o, g = torch.chunk(weights, 4, dim=-1)
    return torch.cat([i, f, g, o], dim=-1)


def _attention(case, q, k, v):
    mask = case.options.get("forward", {}).get("mask")
    mask = None if mask is None else torch.tensor(mask)
    return functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)


FORWARD = {
    "Embedding": lambda case, tokens, W: functional.embedding(tokens, W),
    "RNNCell": _rnn_cell,
    "RNN": _rnn,
    "LSTMCell": _lstm_cell,
    "ScaledDotProductAttention": _attention,
    "Conv2d": lambda case, x, W, b: functional.conv2d(x, W, b, **case.options),
    "AvgPool2d": _pooling(functional.avg_pool2d),
    "MaxPool2d": _pooling(functional.max_pool2d),
    "Flatten": lambda case, x: torch.flatten(x, start_dim=1),
    "BatchNorm": _batch_norm,
    "LayerNorm": _layer_norm,
    "RMSNorm": _rms_norm,
    "Dropout": _dropout,
}


def _autograd(exercise, case):
    """The output, and every array that earns points, by torch."""
    values = {name: torch.tensor(a) for name, a in [*case.inputs.items(), *case.params.items()]}
    wanted = [values[name.removeprefix("d")].requires_grad_() for name in case.answers]
    out = FORWARD[exercise.name](case, *values.values())
    gradients = torch.autograd.grad(out, wanted, torch.tensor(case.upstream))
    found = dict(zip(case.answers, gradients, strict=True)) | {"out": out}
    return {name: one.detach().numpy() for name, one in found.items()}


@pytest.mark.parametrize(("page", "exercise", "number"), CASES)
def test_a_reference_agrees_with_torch(page, exercise, number):
    case = exercise.case(number, PUBLIC)
    answers = KINDS[exercise.kind].play(page.namespace, exercise.name, case).answers
    for name, expected in _autograd(exercise, case).items():
        size = np.abs(expected).max()
        np.testing.assert_allclose(answers[name], expected, rtol=1e-9, atol=1e-11 * size)


@pytest.mark.parametrize(("page", "exercise", "number"), CASES)
def test_a_reference_leaves_its_arguments_as_they_were(page, exercise, number):
    case = exercise.case(number, PUBLIC)
    arguments = KINDS[exercise.kind].play(page.namespace, exercise.name, case).arguments
    given = {**case.inputs, **case.params, "upstream": case.upstream}
    for name, array in arguments.items():
        np.testing.assert_array_equal(array, given[name])


def _drawn(name):
    """The cases of an exercise on derivatives, each with what the reference answers."""
    exercise = next(one for one in DERIVATIVES.exercises if one.name == name)
    for number in range(len(exercise.variations)):
        case = exercise.case(number, PUBLIC)
        answers = KINDS[exercise.kind].play(DERIVATIVES.namespace, name, case).answers
        yield pytest.param(case, answers, id=case.name)


@pytest.mark.parametrize(("case", "answers"), list(_drawn("chain_rule")))
def test_the_chain_rule_agrees_with_torch(case, answers):
    x = torch.tensor(case.inputs["x"], requires_grad=True)
    v = x**2
    u = torch.sin(v)
    y = torch.exp(u)
    links = [torch.autograd.grad(y.sum(), at, retain_graph=True)[0].numpy() for at in (u, v, x)]
    np.testing.assert_allclose(answers["dy_du"], links[0])
    np.testing.assert_allclose(answers["dy_du"] * answers["du_dv"], links[1])
    np.testing.assert_allclose(answers["dy_dx"], links[2])


@pytest.mark.parametrize(("case", "answers"), list(_drawn("two_layer_step")))
def test_a_step_of_the_small_network_agrees_with_torch(case, answers):
    values = {name: torch.tensor(a, requires_grad=True) for name, a in case.inputs.items()}
    weights, biases = ([values[f"{group}.{n}"] for n in (1, 2, 3)] for group in GROUPS)
    hidden = values["x"] @ weights[0] + biases[0]
    yhat = torch.relu(hidden @ weights[1] + biases[1]) @ weights[2] + biases[2]
    torch.sum((yhat - values["y"]) ** 2 / 2).backward()
    torch.optim.SGD(weights, lr=float(case.inputs["lr"])).step()
    np.testing.assert_allclose(answers["yhat"], yhat.detach())
    for n, (weight, bias) in enumerate(zip(weights, biases, strict=True), 1):
        np.testing.assert_allclose(answers[f"weights.{n}"], weight.detach())
        np.testing.assert_allclose(answers[f"deltas.{n}"], bias.grad, atol=1e-14)


@pytest.mark.parametrize(("case", "answers"), list(_drawn("numerical_gradient")))
def test_the_numerical_gradient_agrees_with_calculus(case, answers):
    f, x = case.options["f"], case.inputs["x"]
    slopes = sum(c * k * x ** (k - 1) for k, c in enumerate(f["powers"]) if k)
    slopes = slopes + sum(a * w * np.cos(w * x) for a, w in f["waves"] if w < LOUD)
    expected = np.arange(1, x.size + 1).reshape(x.shape) * slopes + 2 * f["coupling"] * x.sum()
    np.testing.assert_allclose(answers["gradient"], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("page", [*PAGES, DERIVATIVES], ids=lambda page: page.slug)
def test_a_page_is_worth_forty_to_sixty_points(page):
    assert 40 <= page.max_score <= 60
