"""Did torch differentiate? For exercises whose point is the formula that autograd would spare.

Everything that torch differentiates backwards goes through one engine, by whatever name it was
called; forward mode begins with a dual number. Both are counted here, so a student may build
graphs and name functions as they like. The count is made in the student's process: it can cost
points and never earn them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class _Engine:
    """The engine, with its backward runs counted."""

    def __init__(self, engine: Any, count: Callable[[], None]) -> None:
        self._engine, self._count = engine, count

    def run_backward(self, *args: Any, **options: Any) -> Any:
        self._count()
        return self._engine.run_backward(*args, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


@contextmanager
def counting() -> Iterator[list[int]]:
    """Count, in the one entry of the list, how often derivatives are asked for in the block."""
    autograd: Any = import_module("torch.autograd")
    calls, variable, forward_mode = [0], autograd.Variable, autograd.forward_ad
    engine, make_dual = variable._execution_engine, forward_mode.make_dual

    def count() -> None:
        calls[0] += 1

    def counted_dual(*args: Any, **options: Any) -> Any:
        count()
        return make_dual(*args, **options)

    variable._execution_engine, forward_mode.make_dual = _Engine(engine, count), counted_dual
    try:
        yield calls
    finally:
        variable._execution_engine, forward_mode.make_dual = engine, make_dual
