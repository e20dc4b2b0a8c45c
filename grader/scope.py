"""The names that a stub's formula may speak of, and what they hold in one run of the reference.

A student confuses what is alike: an array with another one of its shape, a count with a count.
What is alike is seen in a run, so that a rule need not try what could only raise.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType
from typing import Any

import numpy as np

UNKNOWN = object()


class Names:
    """Expressions that a student may write in each other's place.

    scope: the variables of a finished run of the stub; empty where there was none, and then
        everything may stand for everything
    """

    def __init__(self, texts: Sequence[str], scope: Mapping[str, Any] | None = None) -> None:
        self._scope, self._values = dict(scope or {}), dict[str, Any]()
        self._texts = tuple(self._without_aliases(texts))

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __contains__(self, text: object) -> bool:
        return text in self._texts

    def _without_aliases(self, texts: Sequence[str]) -> Iterator[str]:
        """Of several names of one array the first alone."""
        seen = set()
        for text in sorted(texts, key=lambda one: one.startswith("self.kept_")):
            value = self.value(text)
            if not (isinstance(value, np.ndarray) and id(value) in seen):
                seen.add(id(value))
                yield text

    def value(self, text: str) -> Any:
        """What the expression gives at the end of the run, or UNKNOWN."""
        if text not in self._values:
            self._values[text] = self._evaluated(text) if self._scope else UNKNOWN
        return self._values[text]

    def _evaluated(self, text: str) -> Any:
        try:
            return eval(text, self._scope)
        except Exception:
            return UNKNOWN

    def like(self, text: str, among: Sequence[str]) -> list[str]:
        """Those that can stand for the text without another shape coming out."""
        return [one for one in among if one != text and self._fits(one, text, same_kind=True)]

    def factors(self, text: str, among: Sequence[str]) -> list[str]:
        """Those by which it can be multiplied without another shape coming out; no counts."""
        return [one for one in among if self._fits(one, text, same_kind=False)]

    def _fits(self, one: str, text: str, same_kind: bool) -> bool:
        new, old = self.value(one), self.value(text)
        if new is UNKNOWN or old is UNKNOWN:
            return not self._scope or old is UNKNOWN
        if same_kind and (_is_array(old) or _is_array(new)):
            return _is_array(old) and _is_array(new) and _broadcasts(new, old)
        if same_kind:
            return type(new) is type(old)
        return _is_array(old) and not isinstance(new, int) and _broadcasts(new, old)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray | np.number | float)


def _broadcasts(new: Any, old: Any) -> bool:
    """Say whether new fits into the shape of old. A number fits into an array only as a factor."""
    if not _is_array(new):
        return False
    try:
        return bool(np.broadcast_shapes(np.shape(new), np.shape(old)) == np.shape(old))
    except ValueError:
        return False


def watched(run: Callable[[], object], stub: str) -> dict[str, Any]:
    """Run, and return the variables of the stub's last call as they were at its end."""
    found: dict[str, Any] = {}

    def inside(frame: FrameType, event: str, _: object) -> Any:
        if event == "return":
            found.clear()
            found.update(frame.f_globals | frame.f_locals)
        return inside

    def calls(frame: FrameType, _event: str, _: object) -> Any:
        return inside if frame.f_code.co_name == stub else None

    before = sys.gettrace()
    sys.settrace(calls)
    try:
        run()
    finally:
        sys.settrace(before)
    return found
