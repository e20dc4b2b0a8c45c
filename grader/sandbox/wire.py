"""Messages between host and worker: a header, a small JSON text, raw little-endian arrays.

Not pickle and not .npy: one runs code, the other allocates before it has the data. Lengths are
refused before anything is allocated. Everything here treats the other side as hostile; what a
message means is checked in replies.py, on the host's side only.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.exercise import Case, Request

MAX_JSON_BYTES = 64 << 10
MAX_BODY_BYTES = 32 << 20
MAX_ARRAYS = 4096
MAX_AXES = 16
MAX_AXIS = 2**31

READY, CELLS, REQUEST, OUTCOME, DONE = b"redy", b"cell", b"rqst", b"outc", b"done"
KINDS = (READY, CELLS, REQUEST, OUTCOME, DONE)
DTYPES = ("|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8")

_MAGIC = b"agw1"
_HEADER = struct.Struct("<4s4sQII")
HEADER_BYTES = _HEADER.size

Arrays = Mapping[str, np.ndarray]


class Malformed(Exception):
    """The bytes are no message of ours. The words are for the student's report."""


@dataclass(frozen=True)
class Header:
    kind: bytes
    nonce: int
    json_bytes: int
    body_bytes: int

    @property
    def rest(self) -> int:
        return self.json_bytes + self.body_bytes


@dataclass(frozen=True)
class Frame:
    kind: bytes
    nonce: int
    fields: Any  # JSON: nothing is known about its shape
    body: bytes


def pack(kind: bytes, nonce: int, fields: Mapping[str, Any], body: bytes = b"") -> bytes:
    text = json.dumps(fields, allow_nan=False, separators=(",", ":")).encode()
    if len(text) > MAX_JSON_BYTES or len(body) > MAX_BODY_BYTES:
        raise Malformed(f"a message of {len(text)} + {len(body)} bytes is too large")
    return _HEADER.pack(_MAGIC, kind, nonce, len(text), len(body)) + text + body


def header(start: bytes) -> Header:
    """Read the first HEADER_BYTES of a message; refuses by length before any more is read."""
    magic, kind, nonce, json_bytes, body_bytes = _HEADER.unpack(start)
    if magic != _MAGIC or kind not in KINDS:
        raise Malformed("the bytes that came back are not a reply")
    if json_bytes > MAX_JSON_BYTES or body_bytes > MAX_BODY_BYTES:
        raise Malformed("the reply is too large")
    return Header(kind, nonce, json_bytes, body_bytes)


def unpack(head: Header, rest: bytes) -> Frame:
    try:
        fields = json.loads(rest[: head.json_bytes], parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Malformed("the reply holds text that cannot be read") from error
    return Frame(head.kind, head.nonce, fields, rest[head.json_bytes :])


def describe(arrays: Arrays) -> tuple[list[Any], bytes]:
    """(names, dtypes and shapes for the JSON text, the bytes of all arrays in a row)."""
    converted = {name: _little(array) for name, array in arrays.items()}
    listed = [[name, array.dtype.str, list(array.shape)] for name, array in converted.items()]
    return listed, b"".join(array.tobytes() for array in converted.values())


def rebuild(listed: Any, body: bytes) -> list[tuple[str, np.ndarray]]:
    """The arrays that describe() took apart, each a copy of its own.

    Raises Malformed unless every word is as it must be and the bytes are used up exactly.
    """
    if not isinstance(listed, list) or len(listed) > MAX_ARRAYS:
        raise Malformed("the reply lists no arrays")
    entries = [_entry(entry) for entry in listed]
    if sum(size for *_, size in entries) != len(body):
        raise Malformed("the arrays of the reply do not have the length they claim")
    arrays, at = [], 0
    for name, dtype, shape, size in entries:
        arrays.append((name, _array(body[at : at + size], dtype, shape)))
        at += size
    return arrays


def _entry(entry: Any) -> tuple[str, np.dtype[Any], tuple[int, ...], int]:
    match entry:
        case [str() as name, str() as dtype, list() as shape] if dtype in DTYPES:
            pass
        case _:
            raise Malformed("the reply describes an array of no known kind")
    if len(shape) > MAX_AXES or not all(type(n) is int and 0 <= n < MAX_AXIS for n in shape):
        raise Malformed("the reply describes an array of impossible shape")
    if math.prod(n for n in shape if n) > MAX_AXIS:
        raise Malformed("the reply describes an array of impossible size")
    kind = np.dtype(dtype)
    return name, kind, tuple(shape), math.prod(shape) * kind.itemsize


def _array(raw: bytes, dtype: np.dtype[Any], shape: tuple[int, ...]) -> np.ndarray:
    if dtype.kind == "b":  # a byte other than 0 and 1 would be neither false nor true
        return np.asarray(np.frombuffer(raw, np.uint8).reshape(shape) != 0)
    return np.frombuffer(raw, dtype).reshape(shape).copy()


def _little(array: np.ndarray) -> np.ndarray:
    dtype = array.dtype.newbyteorder("<")
    if dtype.str not in DTYPES:
        raise Malformed(f"arrays of {array.dtype} are not sent")
    return np.asarray(array, dtype)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def pack_cells(nonce: int, cells: Iterable[tuple[str, str]], lends_grader: bool = False) -> bytes:
    """Cells are text of any length, so they travel in the body.

    lends_grader: they may import the grader
    """
    body = json.dumps([list(cell) for cell in cells]).encode()
    return pack(CELLS, nonce, {"lends grader": lends_grader}, body)


def unpack_cells(frame: Frame) -> list[tuple[str, str]]:
    return [(label, source) for label, source in json.loads(frame.body)]


def lends_grader(frame: Frame) -> bool:
    return bool(frame.fields["lends grader"])


GROUPS = ("inputs", "params", "others")


def pack_request(nonce: int, request: Request) -> bytes:
    """A Request as a message. Arrays of all cases are numbered in one row."""
    arrays: dict[str, np.ndarray] = {}
    cases = []
    for at, case in enumerate(request.cases):
        groups = {group: dict(getattr(case, group)) for group in GROUPS}
        groups["upstream"] = {} if case.upstream is None else {"": case.upstream}
        for group, members in groups.items():
            arrays |= {f"{at}/{group}/{name}": array for name, array in members.items()}
        cases.append(
            [case.name, list(case.answers), case.calls, _tagged(dict(case.options))]
            + [list(members) for members in groups.values()]
        )
    listed, body = describe({name: np.asarray(array) for name, array in arrays.items()})
    head = {"exercise": request.exercise, "kind": request.kind, "limit": request.limit_seconds}
    return pack(REQUEST, nonce, {**head, "cases": cases, "arrays": listed}, body)


def unpack_request(frame: Frame) -> Request:
    fields = frame.fields
    arrays = dict(rebuild(fields["arrays"], frame.body))
    cases = tuple(_case(at, words, arrays) for at, words in enumerate(fields["cases"]))
    return Request(fields["exercise"], fields["kind"], cases, fields["limit"])


def _case(at: int, words: list[Any], arrays: Arrays) -> Case:
    name, answers, calls, options, *groups = words
    inputs, params, others, upstream = (
        {name: arrays[f"{at}/{group}/{name}"] for name in names}
        for group, names in zip((*GROUPS, "upstream"), groups, strict=True)
    )
    plain: dict[str, Any] = _untagged(options)
    return Case(name, tuple(answers), inputs, params, upstream.get(""), others, plain, calls)


def _tagged(value: Any) -> Any:
    """JSON has no tuples; options such as stride=(2, 1) must arrive as they left."""
    if isinstance(value, tuple):
        return {"tuple": [_tagged(item) for item in value]}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    if isinstance(value, list):
        return [_tagged(item) for item in value]
    if isinstance(value, dict):
        return {"dict": [[key, _tagged(item)] for key, item in value.items()]}
    return value.item() if isinstance(value, np.generic) else value


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(item) for item in value]
    if isinstance(value, dict) and "float" in value:
        return float(value["float"])
    if isinstance(value, dict) and "tuple" in value:
        return tuple(_untagged(item) for item in value["tuple"])
    if isinstance(value, dict):
        return {key: _untagged(item) for key, item in value["dict"]}
    return value
