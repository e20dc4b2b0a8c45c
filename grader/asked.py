"""Which exercise is meant by what stands between the brackets of check()."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grader.handout import Handout

ALL: Any = type("ALL", (), {"__repr__": lambda _: "every exercise"})()

Names = Mapping[str, Any]


class Unclear(Exception):
    """It cannot be told. The message is for the student."""


class Asked(NamedTuple):
    """thing: what is to be played; None for whatever is defined under the name
    notes: what the student should know about that choice"""

    name: str
    thing: Any = None
    notes: tuple[str, ...] = ()


def in_order(handouts: Iterable[Handout], names: Names) -> list[Handout]:
    """That of this folder first, then those of which most exercises are defined; of two with as
    many, that of which it is the larger part.

    Raises:
        Unclear: there is none in this folder, and nothing of any is defined
    """
    here = Path.cwd()
    counts = {page: sum(name in names for name in page.names) for page in handouts}
    found = sorted(
        counts, key=lambda page: (page.path.parent != here, -counts[page], len(page.names))
    )
    if found and (counts[found[0]] or found[0].path.parent == here):
        return found
    known = ", ".join(page.slug for page in found) or "none"
    raise Unclear(
        f"no exercise of any assignment is defined here (known: {known}). Run the cells of the "
        f"notebook first, from the top."
    )


def exercise(target: Any, pages: Sequence[Handout], names: Names) -> tuple[Handout, Asked]:
    """The exercise that is meant, and the first page that has it.

    Raises:
        Unclear: it is none
    """
    known = {name: page for page in reversed(pages) for name in page.names}
    readings = [*_readings(target, known, names)]
    for one in readings:
        if one.name in known:
            return known[one.name], one
    name = readings[0].name if readings else type(target).__name__
    raise Unclear(_unknown(name, [name for page in pages for name in page.names], pages[0]))


def _readings(target: Any, known: Collection[str], names: Names) -> Iterator[Asked]:
    """What may be meant, the most literal first."""
    if isinstance(target, str):
        yield Asked(target.strip())
        return
    bound = [name for name in known if callable(target) and names.get(name) is target]
    yield from (Asked(name, target) for name in bound)  # relu_jacobian = lambda x: ...
    if isinstance(target, functools.partial):
        yield from (one._replace(thing=target) for one in _readings(target.func, known, names))
    elif isinstance(qualified := getattr(target, "__qualname__", None), str):
        owner, *rest = qualified.rpartition("<locals>.")[2].split(".")
        yield Asked(owner) if rest else Asked(owner, target)  # Affine.backward means Affine
    else:
        own = type(target)
        note = f"you passed an object made from {own.__name__}; {own.__name__} itself was checked"
        yield Asked(own.__name__, own, (note,))


def _unknown(name: str, known: Collection[str], nearest: Handout) -> str:
    lower = {one.lower(): one for one in reversed([*known])}
    if close := difflib.get_close_matches(name.lower(), lower, n=1):
        return f"no exercise is called {name}; did you mean {lower[close[0]]}?"
    return f"no exercise is called {name}; {nearest.slug} has {', '.join(nearest.names)}"
