"""Which outside library a function uses, as far as its code tells.

For exercises that are about doing it oneself. Only what the function can reach counts: a notebook
may import torch for something else, and an attribute may be called what it likes. It is a rule told
plainly, not a wall: a name that is put together while the code runs is not seen.
"""

from __future__ import annotations

import dis
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

GLOBALS = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}
LIBRARIES = ("torch", "sklearn", "tensorflow", "jax", "autograd")


def library_of(namespace: Mapping[str, Any], *names: str) -> str | None:
    """The first library that the code behind these names, or behind names in it, uses."""
    todo, seen = list(names), set(names)
    while todo:
        value = namespace.get(todo.pop())
        roots = [_home(one) for one in _family(value)]
        roots += [root for code in _codes(value) for root in _imported(code)]
        if found := [root for root in roots if root in LIBRARIES]:
            return found[0]
        used = {name for code in _codes(value) for name in _globals(code)} - seen
        seen |= used
        todo += sorted(used & namespace.keys())
    return None


def _imported(code: CodeType) -> Iterator[str]:
    for one in dis.get_instructions(code):
        if one.opname == "IMPORT_NAME":
            yield str(one.argval).split(".")[0]


def _globals(code: CodeType) -> Iterator[str]:
    return (str(one.argval) for one in dis.get_instructions(code) if one.opname in GLOBALS)


def _home(value: Any) -> str:
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "")
    return str(name).split(".")[0]


def _family(value: Any) -> tuple[Any, ...]:
    """A class with those it inherits from, or the value alone."""
    return value.__mro__ if isinstance(value, type) else (value,)


def _codes(value: Any) -> Iterator[CodeType]:
    """Of a function or class, with all that is defined inside and inherited."""
    for one in _family(value):
        for member in vars(one).values() if isinstance(one, type) else (one,):
            function = getattr(member, "__func__", member)  # of a static or class method
            if isinstance(function, FunctionType):
                yield from _nested(function.__code__)


def _nested(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _nested(constant)
