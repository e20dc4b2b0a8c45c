"""Keys on disk, so that a run need not build again what it built before.

A key is plain data: its file is an .npz of some JSON and the bytes of all arrays, and nothing in
it is code. It holds right answers, so only its owner may read it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from grader import exercise, key
from grader.key import Key

TYPES: dict[str, Any] = {
    name: kind
    for module in (exercise, key)
    for name, kind in vars(module).items()
    if dataclasses.is_dataclass(kind)
}
KEPT = 8  # files for each assignment
PACKAGE = Path(__file__).parent


def kept(slug: str, made_from: bytes, make: Callable[[], Key]) -> Key:
    """Return the key kept for this assignment, or make it and keep it.

    made_from: all that decides the key, but for this package itself, which is added
    """
    path = _path(slug, made_from)
    try:
        return read(path)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        made = make()  # not there, cut off, or written by another version
    write(made, path)
    return made


def is_kept(slug: str, made_from: bytes) -> bool:
    return _path(slug, made_from).exists()


def _path(slug: str, made_from: bytes) -> Path:
    name = hashlib.sha256(made_from + _package()).hexdigest()[:32]
    return folder() / f"{slug}-{name}.npz"


def folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "grader" / "keys"


def _package() -> bytes:
    """A digest of the code that makes keys."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def write(made: Key, path: Path) -> None:
    """Write a key; where that is impossible it will be made again, which costs time alone."""
    block = bytearray()
    text = json.dumps(_plain(made, block))
    temporary = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            np.savez(file, text=np.array(text), block=np.frombuffer(block, np.uint8))
        temporary.replace(path)
        _forget_old(path)
    except OSError:
        temporary.unlink(missing_ok=True)


def _forget_old(path: Path) -> None:
    """Keep the newest few keys of an assignment: one for each secret that is in use."""
    slug = path.stem.rpartition("-")[0]
    keys = sorted(path.parent.glob(f"{slug}-*.npz"), key=lambda one: one.stat().st_mtime)
    for old in keys[:-KEPT]:
        old.unlink(missing_ok=True)


def read(path: Path) -> Key:
    """Read a key.

    Raises:
        OSError, ValueError, KeyError, TypeError, BadZipFile: there is none that is whole
    """
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        text, block = str(file["text"]), file["block"]
    read_key: Key = _rebuilt(json.loads(text), block)
    return read_key


def _plain(value: Any, block: bytearray) -> Any:
    """The value as JSON, its arrays moved to the block."""
    if isinstance(value, np.ndarray):
        start = len(block)
        block += np.ascontiguousarray(value).tobytes()
        return {"array": [value.dtype.str, value.shape, start, len(block)]}
    if dataclasses.is_dataclass(value):
        fields = [_plain(getattr(value, one.name), block) for one in dataclasses.fields(value)]
        return {type(value).__name__: fields}
    if isinstance(value, Mapping):
        return {"mapping": [[name, _plain(one, block)] for name, one in value.items()]}
    if isinstance(value, tuple | list):
        return [_plain(one, block) for one in value]
    return value


def _rebuilt(value: Any, block: np.ndarray) -> Any:
    if isinstance(value, list):
        return tuple(_rebuilt(one, block) for one in value)
    if not isinstance(value, dict):
        return value
    ((kind, content),) = value.items()
    if kind == "array":
        dtype, shape, start, stop = content
        return block[start:stop].view(dtype).reshape(shape)
    if kind == "mapping":
        return {name: _rebuilt(one, block) for name, one in content}
    return TYPES[kind](*(_rebuilt(one, block) for one in content))
