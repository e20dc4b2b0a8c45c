"""From whatever a solution returned to plain arrays, or to words that say what it was instead.

Worker side: conversion calls the student's code (__array__, __float__), so it happens where that
can do no harm.
"""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

from grader.calls.record import Record
from grader.sandbox import wire

MAX_BYTES = wire.MAX_BODY_BYTES // 2  # one array; a message holds two such


class Unusable(Exception):
    """What an answer was instead of an array, in a few words."""


def fields(record: Record) -> tuple[dict[str, Any], bytes]:
    """The fields and the body of a reply that says: returned."""
    arrays: dict[str, np.ndarray] = {}
    unusable, room = {}, wire.MAX_BODY_BYTES
    for name, value in record.answers.items():
        try:
            arrays[name] = converted(value, room)
            room -= arrays[name].nbytes
        except Unusable as words:
            unusable[name] = str(words)
    listed, body = wire.describe(arrays)
    after = _unharmed(record.arguments, room)
    listed_after, body_after = wire.describe(after)
    told = {
        "outcome": "returned",
        "answers": len(listed),
        "arrays": listed + listed_after,
        "unusable": unusable,
        "forward_calls": record.forward_calls,
        "matrices": [name for name, one in record.answers.items() if isinstance(one, np.matrix)],
    }
    return told, body + body_after


def converted(value: Any, room: int = MAX_BYTES) -> np.ndarray:
    """A plain array of numbers with value's entries; raises Unusable with the words for it."""
    _refuse_by_type(value)
    if not isinstance(value, np.ndarray) and hasattr(value, "detach"):
        value = value.detach()  # a torch tensor that still belongs to a graph
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise Unusable(f"{_a(value)} of uneven lengths") from error
    except Exception as error:
        raise Unusable(_a(value)) from error
    return _of_numbers(_small(array, room), value)


def _refuse_by_type(value: Any) -> None:
    if value is None or value is NotImplemented or value is Ellipsis:
        raise Unusable(str(value))
    if isinstance(value, FunctionType | BuiltinFunctionType | MethodType):
        raise Unusable("a function")
    if isinstance(value, str | bytes | dict | set | frozenset | type):
        raise Unusable(_a(value))
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        raise Unusable("a masked array")


def _small(array: np.ndarray, room: int) -> np.ndarray:
    if array.ndim > wire.MAX_AXES:
        raise Unusable(f"an array with {array.ndim} axes")
    if array.nbytes > min(room, MAX_BYTES):
        raise Unusable(f"an array of {_size(array.nbytes)}")
    return array


def _of_numbers(array: np.ndarray, value: Any) -> np.ndarray:
    kind = array.dtype.kind
    if kind == "O":
        array = _from_objects(array, value)
    elif kind == "c":
        raise Unusable("complex numbers")
    elif kind in "US":
        raise Unusable(f"{_a(value)} of text")
    elif kind not in "biuf":
        raise Unusable(f"{_a(value)} of {array.dtype}"[:100])
    if array.dtype.kind == "f" and array.dtype.itemsize > np.dtype(np.float64).itemsize:
        array = array.astype(np.float64)
    return np.array(array, order="C", subok=False)


def _from_objects(array: np.ndarray, value: Any) -> np.ndarray:
    entries = array.ravel().tolist()
    if any(isinstance(entry, complex | np.complexfloating) for entry in entries):
        raise Unusable("complex numbers")
    bad = [one for one in entries if not isinstance(one, numbers.Number | np.ndarray | np.bool_)]
    if bad:
        within = "" if array.ndim == 0 else f"{_a(value)} with {_a(bad[0])} in it"
        raise Unusable(within or _a(value))
    try:
        return array.astype(np.float64)
    except Exception as error:
        raise Unusable(f"{_a(value)} of objects") from error


def _unharmed(arguments: Mapping[str, Any], room: int) -> dict[str, np.ndarray]:
    after = {}
    for name, value in arguments.items():
        try:
            after[name] = converted(value, room)
        except Unusable:
            continue
        room -= after[name].nbytes
    return after


def _a(value: Any) -> str:
    if value is None:
        return "None"
    name = "array" if isinstance(value, np.ndarray) else type(value).__name__[:60]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _size(count: int) -> str:
    for unit, bytes_of_it in (("GB", 10**9), ("MB", 10**6)):
        if count >= bytes_of_it:
            return f"{count / bytes_of_it:.3g} {unit}"
    return f"{count} bytes"
