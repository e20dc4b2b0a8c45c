"""What zygotes have imported before the first fork, and what their workers may import.

Whatever loads, measures or caches on first use does so here, before files are out of reach and
before the memory of a worker is limited. One thread each: a fork of more would hang.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

# Libraries that know every derivative: no exercise in NumPy is to be solved by them. Of sklearn
# the parts that do: notebooks take their data from the rest.
DIFFERENTIATORS = (
    *("autograd", "jax", "jaxlib", "mpmath", "scipy.differentiate", "sympy", "tensorflow", "torch"),
    *("sklearn._loss", "sklearn.linear_model", "sklearn.neural_network"),
)
OF_TORCH = ("torch", "sympy", "mpmath")  # which it imports itself


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Flavour:
    """imports: modules that are there from the start
    required: the one of them without which no worker of this flavour is of use
    warm: what is done once before the first fork
    withheld: modules that are not lent to a worker
    memory_bytes: on top of what the zygote has mapped already
    """

    imports: tuple[str, ...] = ()
    required: str | None = None
    warm: Callable[[], None] = _nothing
    withheld: tuple[str, ...] = DIFFERENTIATORS
    memory_bytes: int = 512 << 20

    @property
    def is_there(self) -> bool:
        """Say whether what it requires is installed."""
        return self.required is None or importlib.util.find_spec(self.required) is not None


class Withheld:
    """Says of some libraries that they are not there. Whoever removes it finds them, and cannot
    read them: their folders are no read roots."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, name: str, *_: object) -> None:
        if name in self._names:
            raise ModuleNotFoundError(f"the grader does not lend you {name}", name=name)


def prepare(flavour: Flavour) -> None:
    """Import and warm."""
    for name in ("typing", "dataclasses", "functools", "itertools", "math", "collections"):
        importlib.import_module(name)
    for name in flavour.imports:
        with suppress(Exception):  # then it fails in the student's statement, with its reason
            importlib.import_module(name)
    _warm_numpy()
    flavour.warm()
    sys.modules.setdefault("matplotlib", None)  # type: ignore[arg-type]


def _warm_numpy() -> None:
    square = np.eye(64) + np.random.default_rng(0).standard_normal((64, 64))
    np.linalg.inv(square @ square)
    np.linalg.svd(square)
    np.fft.fft(square)
    np.einsum("ij,jk->ik", square, square)
    np.random.seed(0)


def _warm_torch() -> None:
    """One training step, a convolution and a gradient check load most of what is loaded late."""
    import torch

    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    for name in ("set_num_threads", "set_num_interop_threads"):
        # where threads are denied, libgomp would end the process of whoever asks for more
        setattr(torch, name, lambda _: None)
    model = torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.ReLU(), torch.nn.LayerNorm(4))
    for optimizer in (torch.optim.SGD, torch.optim.Adam):
        loss = torch.nn.functional.cross_entropy(model(torch.ones(3, 4)), torch.tensor([0, 1, 2]))
        torch.autograd.backward(loss)
        optimizer(model.parameters(), lr=0.1).step()
    torch.nn.functional.conv2d(torch.ones(1, 1, 4, 4), torch.ones(1, 1, 2, 2))
    x = torch.ones(2, dtype=torch.float64, requires_grad=True)
    torch.autograd.gradcheck(torch.sigmoid, x)
    torch.func.vmap(torch.func.grad(torch.sin))(torch.ones(2))
    torch.manual_seed(0)


# matplotlib cannot be imported later, without a folder to write to: where it is not there from
# the start it is not there at all.
FLAVOURS: Mapping[str, Flavour] = {
    "numpy": Flavour(),
    "matplotlib": Flavour(("matplotlib.pyplot",)),
    "torch": Flavour(
        ("torch", "matplotlib.pyplot"),
        required="torch",
        warm=_warm_torch,
        withheld=tuple(name for name in DIFFERENTIATORS if name not in OF_TORCH),
        memory_bytes=1 << 30,
    ),
}
