"""Workers with torch: what honest code needs is there, what is missing is said kindly."""

import numpy as np
import pytest

from grader.errors import MissingLibrary
from grader.exercise import Case, Request
from grader.result import Raised, Returned
from grader.sandbox import flavours
from grader.sandbox.host import sandbox

HONEST = {
    "autograd": "t = torch.tensor(x, requires_grad=True); (t**2).sum().backward(); return t.grad",
    "an optimizer": (
        "m = torch.nn.Linear(3, 2).double()\n    o = torch.optim.Adam(m.parameters())\n"
        "    for _ in range(9):\n        o.zero_grad(); m(torch.tensor(x)).sum().backward()\n"
        "        o.step()\n    return m.weight.detach().numpy()"
    ),
    "more threads": "torch.set_num_threads(4); return torch.ones(200, 200) @ torch.ones(200, 200)",
    "gradcheck": "return torch.autograd.gradcheck(torch.tanh, torch.tensor(x, requires_grad=True))",
    "func": "return torch.func.jacrev(torch.sin)(torch.tensor(x))",
    "lstm": "o, _ = torch.nn.LSTM(3, 4)(torch.ones(1, 2, 3)); return o.detach().numpy()",
    "convolution": "return torch.conv2d(torch.ones(1, 1, 9, 9), torch.ones(2, 1, 3, 3))",
    "batches": "return sum(len(row) for row in torch.utils.data.DataLoader(torch.tensor(x)))",
    "figures": "import matplotlib.pyplot as plt; plt.plot([1, 2]); return x",
}
TRAPS = {
    "a file": ("torch.load('/etc/hostname'); return x", "PermissionError"),
    "too much memory": ("return torch.ones(3 * 10**8)", "RuntimeError"),
    "another library": ("import jax; return x", "ModuleNotFoundError"),
}


@pytest.fixture(scope="module")
def place():
    pytest.importorskip("torch")
    with sandbox(lent="torch") as place:
        yield place


def ask(name="f"):
    case = Case("case 1", ("y",), {"x": np.full((2, 3), 2.0)})
    return Request(name, "function", (case,), 60.0)


def outcome(place, body):
    cells = [("cell 1", f"import torch\nimport torch.utils.data\ndef f(x):\n    {body}")]
    (reply,) = place.play(cells, [ask()])
    return reply.outcomes[0]


@pytest.mark.parametrize("honest", HONEST)
def test_honest_code_with_torch_runs_behind_the_walls(place, honest):
    found = outcome(place, HONEST[honest])
    assert isinstance(found, Returned), found
    assert "y" in found.arrays or "y" in found.unusable


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_costs_that_exercise_alone(place, trap):
    body, error = TRAPS[trap]
    found = outcome(place, body)
    assert isinstance(found, Raised)
    assert found.type == error


def test_every_exercise_finds_the_same_random_state(place):
    drawn = [outcome(place, "return torch.rand(3).numpy()").arrays["y"] for _ in range(2)]
    assert np.array_equal(*drawn)


def test_a_library_that_is_not_installed_is_named_with_the_way_to_get_it(monkeypatch):
    absent = flavours.Flavour(("unheard_of",), required="unheard_of")
    monkeypatch.setitem(flavours.FLAVOURS, "torch", absent)
    wanted = (
        r"f needs unheard_of, which is not installed: pip install 'autograd-grader\[unheard_of\]'"
    )
    with sandbox(lent="torch") as place, pytest.raises(MissingLibrary, match=wanted):
        list(place.play([("cell 1", "def f(x): return x")], [ask()]))
