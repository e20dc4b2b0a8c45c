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

KERNEL = re.compile(r"aten::(_make_dual(_copy)?|\w+_(backward|jvp)(_\w+)?)")


@contextmanager
def counting() -> Iterator[list[int]]:
    """Count, in the one entry of the list, the steps of differentiation that the block takes.

    The entry is there when the block has ended. Blocks cannot be nested.
    """
    steps = [0]
    library: Any = import_module("torch._C")
    recorder, profiler = library._autograd, library._profiler
    walked = int(profiler.RecordScope.BACKWARD_FUNCTION)
    recorder._enable_profiler_legacy(_settings(profiler))
    try:
        yield steps
    finally:
        events = [one for thread in recorder._disable_profiler_legacy() for one in thread]
        begun = [one for one in events if one.kind() == "push"]
        steps[0] = sum(one.scope() == walked or bool(KERNEL.fullmatch(one.name())) for one in begun)


def _settings(profiler: Any) -> Any:
    """Names of operations on the processor, without shapes, memory, stacks, flops and modules."""
    nothing = [False] * 5
    extra = profiler._ExperimentalConfig()
    return profiler.ProfilerConfig(profiler.ProfilerState.CPU, *nothing, extra)
