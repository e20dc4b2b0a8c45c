"""Optimizers, step by step through drawn gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.calls.record import Kind, Namespace, Record, copies, mapping
from grader.exercise import Case


def _play(namespace: Namespace, name: str, case: Case) -> Record:
    """Step by step through drawn gradients, d<name> for every parameter.

    first_step, all_steps: how far the parameters have come after each step
    """
    gradients, others = copies(case.inputs), copies(case.others)
    arrays, elsewhere = copies(case.params), copies(case.params)
    built = namespace[name](dict(arrays), **case.options)
    second = namespace[name](elsewhere, **case.options) if case.calls == "between" else None
    ways = []
    for step in range(len(next(iter(gradients.values())))):
        built.step({n: gradients[f"d{n}"][step] for n in arrays})
        if second:
            second.step({n: others[f"d{n}"][step] for n in arrays})
        ways.append(moved(arrays, case.params))
    return Record({"first_step": ways[0], "all_steps": np.stack(ways)}, gradients)


def moved(arrays: Mapping[str, Any], start: Mapping[str, np.ndarray]) -> np.ndarray:
    """The difference in one row, all arrays one after the other; float32 stays float32."""
    arrays = mapping(arrays, "the training")
    for name, before in start.items():
        if name not in arrays:
            raise KeyError(f"the parameters that came back hold no {name}")
        if (after := np.shape(arrays[name])) != before.shape:
            raise ValueError(f"{name} came back with shape {after}, it had {before.shape}")
    row = np.concatenate([np.ravel(arrays[name] - before) for name, before in start.items()])
    is_single = any(np.asarray(array).dtype == np.float32 for array in arrays.values())
    return row.astype(np.float32) if is_single else row


OPTIMIZER = Kind(_play)
