"""Did torch compute with inputs that were moved by small steps? That is a gradient by differences.

Every operation shows its tensors here. Counted is what no formula does: that each entry of an input
is moved alone, or that an input is moved by the same step both ways.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import numpy as np

STEPS = (1e-10, 1e-2)  # the least and the largest, as a share of the largest entry
ENTRIES = 4  # where an input has fewer, moving each of them tells nothing
LIKE = 1e-3  # by how much a step back may differ, as a share
KEPT = 64  # last steps of an input, among which the step back is looked for


class _Moves:
    """Of one input: which entries were moved alone, the last steps, how many steps in all."""

    def __init__(self, start: np.ndarray) -> None:
        self._start = start.copy()
        self._alone, self._steps = set[int](), list[np.ndarray]()
        self._mirrored, self.count = False, 0

    @property
    def tell(self) -> bool:
        """Say whether they are those of differences."""
        return self._mirrored or len(self._alone) == self._start.size >= ENTRIES

    def see(self, array: np.ndarray) -> None:
        """Look at an argument of an operation: the input itself, or several in a stack."""
        shape = self._start.shape
        if array.size and array.dtype == np.float64 and array.shape[-len(shape) :] == shape:
            for step in array.reshape(-1, *shape) - self._start:
                self._add(step)

    def _add(self, step: np.ndarray) -> None:
        least, largest = (one * np.abs(self._start).max() for one in STEPS)
        if not 0 < least <= (length := float(np.abs(step).max())) <= largest:
            return
        if any(np.array_equal(step, other) for other in self._steps):
            return
        places = np.flatnonzero(step)
        if places.size == 1:
            self._alone.add(int(places[0]))
        back = (np.abs(step + other).max() for other in self._steps)
        self._mirrored |= any(distance <= LIKE * length for distance in back)
        self._steps = [*self._steps[-KEPT + 1 :], step]
        self.count += 1


@contextmanager
def counting(inputs: Sequence[np.ndarray]) -> Iterator[list[int]]:
    """Count, in the one entry of the list, such steps of the inputs; 0 where a formula may be
    behind them. The entry is there when the block has ended."""
    torch: Any = import_module("torch")
    dispatch: Any = import_module("torch.utils._python_dispatch")
    found, moves = (
        [0],
        [_Moves(one) for one in inputs if one.dtype == np.float64 and one.size and one.ndim],
    )

    class Watch(dispatch.TorchDispatchMode):  # type: ignore[misc]
        def __torch_dispatch__(
            self, function: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            for one in _tensors(torch, args):
                # what NumPy cannot hold, and numbers whose differences are none
                with suppress(RuntimeError, TypeError), np.errstate(all="ignore"):
                    array = one.detach().numpy()
                    for each in moves:
                        each.see(array)
            return function(*args, **(kwargs or {}))

    try:
        with Watch():
            yield found
    finally:
        found[0] = sum(one.count for one in moves if one.tell)


def _tensors(torch: Any, args: Sequence[Any]) -> Iterator[Any]:
    for one in args:
        if isinstance(one, list | tuple):
            yield from _tensors(torch, one)
        elif isinstance(one, torch.Tensor):
            yield one
