"""What takes torch tensors and torch models: gradients, and steps of a training.

What crosses the wire is plain arrays. Tensors, models and optimizers are made of them here, all
in float64, and what comes back is arrays again. torch is imported in functions alone, so that the
table of kinds can be read without it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.calls import autograd, moves
from grader.calls.optimizers import moved
from grader.calls.record import Kind, Namespace, Record, copies, named
from grader.exercise import Case

ADVICE = "needs torch, which is not installed: pip install 'autograd-grader[torch]'"


def torch_for(name: str) -> Any:
    """The library; raises ModuleNotFoundError with what to do where it is missing."""
    try:
        import torch
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{name} {ADVICE}", name="torch") from error
    return torch


def _play_tensors(namespace: Namespace, name: str, case: Case) -> Record:
    """A function of tensors that returns gradients, by its own formula: what autograd and
    differences do is counted."""
    torch = torch_for(name)
    inputs, params = copies(case.inputs), copies(case.params)
    tensors = [torch.from_numpy(array) for array in (*inputs.values(), *params.values())]
    given = [*case.inputs.values(), *case.params.values()]
    with autograd.counting() as steps, moves.counting(given) as small:
        returned = namespace[name](*tensors)
    return Record(named(case.answers, returned), inputs | params, steps[0] + small[0])


def _play_autograd(namespace: Namespace, name: str, case: Case) -> Record:
    """The same where the parameters require gradients, by autograd.

    Called twice, it gets the same tensors with whatever its first call left on them.
    """
    torch = torch_for(name)
    inputs, params = copies(case.inputs), copies(case.params)
    tensors = [torch.from_numpy(array) for array in inputs.values()]
    tensors += [torch.from_numpy(array).requires_grad_() for array in params.values()]
    if case.calls == "twice":
        namespace[name](*tensors)
    return Record(named(case.answers, namespace[name](*tensors)), inputs | params)


def _play_step(namespace: Namespace, name: str, case: Case) -> Record:
    """One step after another of a model: f(model, X, Y, lr), or f(model, optimizer, X, Y) where
    options name an optimizer of torch.optim.

    first_loss: what the first step returned
    first_step, all_steps: how far the parameters have come after each step
    """
    torch, options = torch_for(name), case.options
    inputs, model = copies(case.inputs), _model(torch, case.params)
    data = [torch.from_numpy(array) for array in inputs.values()]
    if "optimizer" in options:
        optimizer = getattr(torch.optim, options["optimizer"])(model.parameters(), options["lr"])
        given = [model, optimizer, *data]
    else:
        given = [model, *data, options["lr"]]
    losses, ways = list[Any](), list[np.ndarray]()
    for _ in range(options["steps"]):
        losses.append(namespace[name](*given))
        ways.append(moved(_weights(model, case.params), case.params))
    answers = {"first_loss": losses[0], "first_step": ways[0], "all_steps": np.stack(ways)}
    return Record(answers, inputs)


def _model(torch: Any, params: Mapping[str, np.ndarray]) -> Any:
    """Linear layers without biases and ReLU between them. Ours are (inputs, units), torch's
    (units, inputs)."""
    layers = []
    for array in params.values():
        linear = torch.nn.Linear(*array.shape, bias=False, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(array.T.copy()))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


def _weights(model: Any, params: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    layers = list(model)[::2]
    return {
        name: layer.weight.detach().numpy().T for name, layer in zip(params, layers, strict=True)
    }


TENSORS = Kind(_play_tensors, is_class=False, flavour="torch")
AUTOGRAD = Kind(_play_autograd, is_class=False, flavour="torch")
STEP = Kind(_play_step, is_class=False, flavour="torch")
