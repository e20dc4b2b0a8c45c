"""How to exercise each kind of solution: one entry per kind.

A kind takes the names a solution defines and one case, makes the calls and returns every array
worth comparing. The same functions run on the student's code in the worker and on the reference
and its mutants where the key is built. Nothing here compares, judges or knows a right answer,
which is why the student's process may load it.
"""

from __future__ import annotations

from collections.abc import Mapping

from grader.calls import engine, functions, modules, optimizers, tensors, torch_functions, training
from grader.calls.record import Kind
from grader.exercise import Request

KINDS: Mapping[str, Kind] = {
    "layer": modules.LAYER,
    "cell": modules.CELL,
    "chain": modules.CHAIN,
    "loss": modules.LAYER,
    "network": modules.NETWORK,
    "function": functions.FUNCTION,
    "functional": functions.FUNCTIONAL,
    "gradients": functions.GRADIENTS,
    "optimizer": optimizers.OPTIMIZER,
    "training": training.TRAINING,
    "tensors": tensors.TENSORS,
    "autograd": tensors.AUTOGRAD,
    "step": tensors.STEP,
    "torch_function": torch_functions.TORCH_FUNCTION,
    "operation": engine.OPERATION,
    "unbroadcast": engine.UNBROADCAST,
    "order": engine.ORDER,
    "backpropagate": engine.BACKPROPAGATE,
    "zero_grad": engine.ZERO_GRAD,
    "no_grad": engine.NO_GRAD,
    "expressions": engine.EXPRESSIONS,
}


def needed(request: Request) -> tuple[str, ...]:
    """Names besides the exercise's own that its cases use: they may be mentioned nowhere else."""
    models = (case.options["model"] for case in request.cases if "model" in case.options)
    return (*KINDS[request.kind].needs, *dict.fromkeys(models))
