"""Which outside library a function uses, as far as its code tells.

For exercises that are about doing it oneself. Only what the function can reach counts: a notebook
may import torch for something else. It is a rule told plainly, not a wall: a name that is put
together while the code runs is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

LIBRARIES = ("torch", "sklearn", "tensorflow", "jax", "autograd")


def library_of(namespace: Mapping[str, Any], *names: str) -> str | None:
    """The first library that the code behind these names, or behind names in it, uses."""
    todo, seen = list(names), set(names)
    while todo:
        value = namespace.get(todo.pop())
        if (root := _home(value)) in LIBRARIES:
            return root
        for word in (word for code in _codes(value) for word in code.co_names):
            if word.split(".")[0] in LIBRARIES:
                return word.split(".")[0]
            if word in namespace and word not in seen:
                seen.add(word)
                todo.append(word)
    return None


def _home(value: Any) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    return str(name).split(".")[0]


def _codes(value: Any) -> Iterator[CodeType]:
    """Of a function or class, with all that is defined inside."""
    if isinstance(value, FunctionType):
        yield from _nested(value.__code__)
    elif isinstance(value, type):
        for member in vars(value).values():
            if isinstance(member, FunctionType):
                yield from _nested(member.__code__)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)
