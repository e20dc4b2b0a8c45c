"""Subclasses of torch.autograd.Function, called through torch as in a real network.

The class is called by a subclass that notes what its backward returns, argument by argument, before
torch's own checks see it: a gradient of a wrong shape then costs this gradient alone. Where torch
itself refuses (a gradient too few, a number where a tensor belongs) it refuses here too, in its
own words. Whether forward or backward leaves the work to autograd, or to differences, is counted on
the way: a given forward never does.

options, all of them optional:
    forward  further arguments of forward that are no tensors, by name
    needs_input_grad  names of the inputs that require gradients; else all that are real numbers
    layout   "columns": the arrays lie in memory column by column, as transposed tensors do
An upstream that is smaller than the output is expanded to its shape, as the one of a sum is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

import numpy as np

from grader.calls import autograd, moves
from grader.calls.record import Kind, Namespace, Record, copies
from grader.calls.tensors import torch_for
from grader.derivative import jacobian
from grader.exercise import Case


@dataclass
class _Seen:
    """inputs: of the case
    returned: by the last call of backward, by name
    steps: autograd's, and those of differences, during all calls
    """

    inputs: Sequence[np.ndarray]
    returned: dict[str, Any] = field(default_factory=dict)
    steps: int = 0

    def counted(self, function: Callable[..., Any], *args: Any) -> Any:
        """What the student's function returns."""
        with autograd.counting() as steps, moves.counting(self.inputs) as moved:
            returned = function(*args)
        self.steps += steps[0] + moved[0]
        return returned


@dataclass(frozen=True)
class _Called:
    """Tensors of one call of forward: its output, the inputs that need a gradient, upstream."""

    out: Any
    wanted: Mapping[str, Any]
    upstream: Any
    seen: _Seen

    def run(self, torch: Any, upstream: Any, **options: bool) -> dict[str, Any]:
        """What backward returned, by name, and not what the engine makes of it."""
        variables, full = list(self.wanted.values()), upstream.expand(self.out.shape)
        torch.autograd.grad(self.out, variables, full, allow_unused=True, **options)
        return self.seen.returned


def _play(namespace: Namespace, name: str, case: Case) -> Record:
    """d<name> for every input that needs a gradient; dd<name> where the case asks for second ones.

    returned: where the case asks for it, for every real input 1 where backward returned a gradient,
        and 0 where None
    """
    torch = torch_for(name)
    inputs = _laid_out(case.inputs, case)
    upstream = _laid_out({"upstream": np.asarray(case.upstream)}, case)
    watched, seen = _watched(torch, name, namespace[name], case)
    with torch.enable_grad():
        tensors = _tensors(torch, inputs, _needs(case))
        out = seen.counted(watched.apply, *tensors.values(), *_further(case))
        answers = {"out": _array(torch, out)}
        if case.calls == "between":
            others = _tensors(torch, copies(case.others), _needs(case))
            seen.counted(watched.apply, *others.values(), *_further(case))
        wanted = {one: tensors[one] for one in _needs(case)}
        called = _Called(out, wanted, torch.from_numpy(upstream["upstream"]), seen)
        answers |= (_second if case.calls == "second" else _first)(torch, called, case)
    return Record(answers, inputs | upstream, seen.steps)


def _first(torch: Any, called: _Called, case: Case) -> dict[str, Any]:
    """Backward, once or twice, and what it returned the last time."""
    if case.calls == "twice":
        called.run(torch, 1.0 - called.upstream, retain_graph=True)
    found = called.run(torch, called.upstream)
    answers = {f"d{name}": _array(torch, found[name]) for name in called.wanted if name in found}
    if "returned" in case.answers:
        answers["returned"] = np.array([float(found.get(n) is not None) for n in _real(case)])
    return answers


def _second(torch: Any, called: _Called, case: Case) -> dict[str, Any]:
    """Gradients of sum(weight * gradient) over all gradients, the weights being case.others.

    Nothing where the first gradients cannot be differentiated.
    """
    variables = {**called.wanted, "upstream": called.upstream.requires_grad_()}
    try:
        found = called.run(torch, called.upstream, create_graph=True)
        total = torch.zeros((), dtype=torch.float64)
        for name, variable in called.wanted.items():
            if getattr(found.get(name), "shape", None) == variable.shape:
                total = total + torch.sum(torch.from_numpy(case.others[name]) * found[name])
        if not total.requires_grad:
            return {f"dd{name}": np.zeros(one.shape) for name, one in variables.items()}
        options = {"allow_unused": True, "materialize_grads": True}
        second = torch.autograd.grad(total, list(variables.values()), **options)
    except NotImplementedError:  # the stub
        raise
    except Exception:
        return {}
    return {f"dd{n}": _array(torch, one) for n, one in zip(variables, second, strict=True)}


def _watched(torch: Any, name: str, solution: Any, case: Case) -> tuple[Any, _Seen]:
    """The solution with a backward that notes what the solution's own returns."""
    if torch.autograd.Function not in getattr(solution, "__mro__", ()):
        raise TypeError(f"{name} is no subclass of torch.autograd.Function")
    inputs = list(case.inputs.values())
    seen, shapes = _Seen(inputs), [array.shape for array in inputs]

    def noted(ctx: Any, *upstream: Any) -> Any:
        returned = seen.counted(solution.backward, ctx, *upstream)
        values = returned if isinstance(returned, tuple) else (returned,)
        seen.returned = dict(zip(case.inputs, values, strict=False))
        pairs = zip_longest(values, shapes[: len(values)])
        return tuple(_fitting(torch, *pair) for pair in pairs)

    return type(name, (solution,), {"backward": staticmethod(noted)}), seen


def _fitting(torch: Any, value: Any, shape: tuple[int, ...] | None) -> Any:
    """Something that the engine takes in place of a gradient of a wrong shape."""
    if isinstance(value, torch.Tensor) and shape is not None and tuple(value.shape) != shape:
        return torch.zeros(shape, dtype=torch.float64)
    return value


def _value(namespace: Namespace, name: str, case: Case) -> Any:
    """What forward gives; for second gradients its derivative in the direction of case.others."""
    torch, solution = torch_for(name), namespace[name]

    def forward(step: float) -> np.ndarray:
        moved = {n: a + step * case.others[n] if step else a for n, a in case.inputs.items()}
        with torch.no_grad():
            out = solution.apply(*_tensors(torch, copies(moved), ()).values(), *_further(case))
        return np.asarray(out)

    if case.calls != "second":
        return forward(0.0)
    slope = jacobian(lambda step: forward(float(step[0])), np.zeros(1))
    return slope.value.reshape(forward(0.0).shape)


def _laid_out(arrays: Mapping[str, np.ndarray], case: Case) -> dict[str, np.ndarray]:
    """Copies that lie in memory as the case wants."""
    by_columns = case.options.get("layout") == "columns"
    return {n: array.copy(order="F" if by_columns else "C") for n, array in arrays.items()}


def _tensors(torch: Any, arrays: Mapping[str, np.ndarray], needs: Sequence[str]) -> dict[str, Any]:
    """Tensors on the very arrays, so that what is written into one can be seen in the other."""
    return {
        name: torch.from_numpy(array).requires_grad_(name in needs)
        for name, array in arrays.items()
    }


def _array(torch: Any, value: Any) -> Any:
    """A tensor as an array of its own; anything else, and what NumPy cannot hold, as it is."""
    with suppress(TypeError):
        return value.detach().numpy().copy() if isinstance(value, torch.Tensor) else value
    return value


def _further(case: Case) -> Sequence[Any]:
    return tuple(case.options.get("forward", {}).values())


def _real(case: Case) -> list[str]:
    """The inputs that can have a gradient."""
    return [name for name, array in case.inputs.items() if array.dtype.kind == "f"]


def _needs(case: Case) -> Sequence[str]:
    needs: Sequence[str] = case.options.get("needs_input_grad", _real(case))
    return needs


def _returned(case: Case) -> np.ndarray:
    return np.array([float(name in _needs(case)) for name in _real(case)])


TORCH_FUNCTION = Kind(_play, _value, flavour="torch", further={"returned": _returned})
