"""What a worker sent, checked word by word, as an outcome. Host side only.

The sender is the student: every field may be missing, of another type, too long or full of
control characters. Whatever is wrong raises wire.Malformed, which the host turns into Refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.result import Outcome, Raised, Returned, Undefined
from grader.sandbox import wire

MAX_NAME, MAX_SHORT, MAX_TEXT = 100, 200, 1000
MAX_NOTES = 20
MAX_CALLS = 10**9
MAX_LINE = 10**7


def outcome(frame: wire.Frame, case: int) -> Outcome:
    """The outcome of case number `case` that an OUTCOME frame tells."""
    fields = _table(frame.fields)
    if type(fields.get("case")) is not int or fields["case"] != case:
        raise wire.Malformed("the replies are not in order")
    match fields.get("outcome"):
        case "returned":
            return _returned(fields, frame.body)
        case "raised":
            return _raised(fields)
        case "undefined":
            return Undefined()
        case _:
            raise wire.Malformed("the reply tells no outcome")


def notes(frame: wire.Frame) -> tuple[str, ...]:
    listed = _table(frame.fields).get("notes")
    if not isinstance(listed, list) or len(listed) > MAX_NOTES:
        raise wire.Malformed("the reply holds no notes")
    return tuple(text(note, MAX_TEXT) for note in listed)


def text(value: Any, limit: int) -> str:
    """The student's text, cut to size, without what a terminal or a page would act on."""
    if not isinstance(value, str):
        raise wire.Malformed("the reply holds something else where text belongs")
    cut = value if len(value) <= limit else value[: limit - 1] + "…"
    return "".join(one if one.isprintable() or one == "\n" else " " for one in cut)


def _returned(fields: Mapping[str, Any], body: bytes) -> Returned:
    count = fields.get("answers")
    arrays = wire.rebuild(fields.get("arrays"), body)
    if type(count) is not int or not 0 <= count <= len(arrays):
        raise wire.Malformed("the reply does not say which arrays are answers")
    unusable = _table(fields.get("unusable"))
    matrices = fields.get("matrices")
    if not isinstance(matrices, list) or len(unusable) + len(matrices) > wire.MAX_ARRAYS:
        raise wire.Malformed("the reply does not list its matrices")
    calls = fields.get("forward_calls")
    if type(calls) is not int or calls < 0:
        raise wire.Malformed("the reply does not count the calls of forward")
    return Returned(
        arrays=_named(arrays[:count]),
        unusable={_name(name): text(what, MAX_SHORT) for name, what in unusable.items()},
        matrices=frozenset(_name(name) for name in matrices),
        arguments=_named(arrays[count:]),
        forward_calls=min(calls, MAX_CALLS),
    )


def _raised(fields: Mapping[str, Any]) -> Raised:
    line = fields.get("line")
    if line is not None and (type(line) is not int or not 0 <= line <= MAX_LINE):
        raise wire.Malformed("the reply names an impossible line")
    return Raised(
        type=text(fields.get("type"), MAX_NAME),
        message=text(fields.get("message"), MAX_TEXT),
        where=text(fields.get("where"), MAX_SHORT),
        line=line,
        source=text(fields.get("source"), MAX_SHORT),
    )


def _named(arrays: list[tuple[str, np.ndarray]]) -> dict[str, np.ndarray]:
    named = {_name(name): array for name, array in arrays}
    if len(named) != len(arrays):
        raise wire.Malformed("the reply names an array twice")
    return named


def _name(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_NAME or not value.isprintable():
        raise wire.Malformed("the reply holds an impossible name")
    return value


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise wire.Malformed("the reply holds something else where a table belongs")
    return value
