"""Did torch differentiate? For exercises whose point is the formula that autograd would spare.

Torch's own recorder of operations is asked, which lies below all of its names. It sees a node of a
graph that is walked, by the engine or called by itself; a dual number, with which forward mode
begins; and a kernel of a derivative that is called by its name. So a student may build graphs and
name functions as they like. The count is made in the student's process: it can cost points and
never earn them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

MARK = "torch::autograd::DelayedError"  # the node by which once_differentiable says so
KERNEL = re.compile(r"aten::(_make_dual(_copy)?|\w+_(backward|jvp)(_\w+)?)")


@contextmanager
def counting() -> Iterator[list[int]]:
    """Count, in the one entry of the list, the steps of differentiation that the block takes.

    The entry is there when the block has ended. Blocks cannot be nested.
    """
    steps = [0]
    library: Any = import_module("torch._C")
    recorder = library._autograd
    recorder._enable_profiler_legacy(_settings(library._profiler))
    try:
        yield steps
    finally:
        threads = recorder._disable_profiler_legacy()
        walked = int(library._profiler.RecordScope.BACKWARD_FUNCTION)
        steps[0] = sum(_differentiates(one, walked) for events in threads for one in events)


def _differentiates(event: Any, walked: int) -> bool:
    """Say whether an event is the begin of such a step; walked is the number of nodes' events."""
    if event.kind() != "push":
        return False
    name = event.name()
    return name != MARK if event.scope() == walked else bool(KERNEL.fullmatch(name))


def _settings(profiler: Any) -> Any:
    """Names of operations on the processor, without shapes, memory, stacks, flops and modules."""
    nothing = [False] * 5
    extra = profiler._ExperimentalConfig()
    return profiler.ProfilerConfig(profiler.ProfilerState.CPU, *nothing, extra)
