"""The optimizers against the classes of the same names in torch, which share nothing with them."""

from pathlib import Path

import numpy as np
import pytest

from grader.assignment import load

torch = pytest.importorskip("torch")

REFERENCE = Path(__file__).parent.parent / "reference"
PAGE = load(REFERENCE / "optimizers.py").namespace
MOONS = load(REFERENCE / "moons.py").namespace
SHAPES = {"W": (4, 3), "b": (3,), "scale": ()}
STEPS = 300

THEIRS = {
    "SGD": (torch.optim.SGD, {}),
    "Momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "Nesterov": (torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "RMSProp": (torch.optim.RMSprop, {}),
    "Adam": (torch.optim.Adam, {}),
    "AdamW": (torch.optim.AdamW, {}),
}
OTHERS = {
    "SGD": {"lr": 0.3},
    "Momentum": {"lr": 0.1, "momentum": 0.7},
    "Nesterov": {"lr": 0.1, "momentum": 0.7},
    "RMSProp": {"lr": 0.05, "alpha": 0.8, "eps": 1e-3},
    "Adam": {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-3},
    "AdamW": {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.3},
}
SETTINGS = [
    pytest.param(name, ours, theirs | ours, id=f"{name}-{'others' if ours else 'defaults'}")
    for name, (_, theirs) in THEIRS.items()
    for ours in ({}, OTHERS[name])
]
GRADIENTS = {
    "usual": lambda rng, shape: rng.normal(0, 1, shape),
    "sparse": lambda rng, shape: rng.normal(0, 1, shape) * (rng.random(shape) < 0.1),
    "zero": lambda rng, shape: np.zeros(shape),
    "huge": lambda rng, shape: rng.normal(0, 1e12, shape),
    "tiny": lambda rng, shape: rng.normal(0, 1e-9, shape),
    "of all sizes": lambda rng, shape: rng.normal(0, 1, shape) * 10.0 ** rng.uniform(-9, 9, shape),
}


def start(seed=0):
    rng = np.random.default_rng(seed)
    return {name: rng.uniform(-2, 2, shape) for name, shape in SHAPES.items()}


def gradients(kind, seed=1):
    rng = np.random.default_rng(seed)
    for _ in range(STEPS):
        yield {name: np.asarray(GRADIENTS[kind](rng, shape)) for name, shape in SHAPES.items()}


def torch_run(name, settings, kind):
    tensors = {one: torch.tensor(array, requires_grad=True) for one, array in start().items()}
    optimizer = THEIRS[name][0](tensors.values(), **settings)
    for grads in gradients(kind):
        for one, tensor in tensors.items():
            tensor.grad = torch.tensor(grads[one])
        optimizer.step()
    return {one: tensor.detach().numpy() for one, tensor in tensors.items()}


def assert_alike(arrays, expected):
    for name, array in arrays.items():
        size = np.abs(expected[name]).max()
        np.testing.assert_allclose(array, expected[name], rtol=1e-10, atol=1e-12 * size)


@pytest.mark.parametrize("kind", GRADIENTS)
@pytest.mark.parametrize(("name", "ours", "theirs"), SETTINGS)
def test_hundreds_of_steps_lead_where_torch_goes(name, ours, theirs, kind):
    params = start()
    optimizer = PAGE[name](params, **ours)
    for grads in gradients(kind):
        optimizer.step(grads)
    assert_alike(params, torch_run(name, theirs, kind))


@pytest.mark.parametrize(("name", "ours", "theirs"), SETTINGS)
def test_a_second_optimizer_changes_nothing(name, ours, theirs):
    params, others = start(), start(seed=5)
    first, second = PAGE[name](params, **ours), PAGE[name](others, **ours)
    for grads, further in zip(gradients("usual"), gradients("usual", seed=9), strict=True):
        first.step(grads)
        second.step(further)
    assert_alike(params, torch_run(name, theirs, "usual"))


@pytest.mark.parametrize("name", THEIRS)
def test_a_step_leaves_its_gradients_as_they_were(name):
    grads = next(gradients("usual"))
    before = {one: array.copy() for one, array in grads.items()}
    optimizer = PAGE[name](start())
    optimizer.step(grads)
    optimizer.step(grads)
    for one, array in grads.items():
        np.testing.assert_array_equal(array, before[one])


def test_momentum_of_the_moons_is_that_of_torch():
    params = start()
    optimizer = MOONS["Momentum"](params, 0.01, 0.99)
    for grads in gradients("of all sizes"):
        optimizer.step(grads)
    assert_alike(params, torch_run("Momentum", {"lr": 0.01, "momentum": 0.99}, "of all sizes"))
