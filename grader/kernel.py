"""Play a student's objects in the student's own process, as the worker does behind its walls.

Own machine, own code: nothing is locked in and no time is kept. An endless loop is interrupted by
the one who waits for it, and that is an outcome like any other.
"""

from __future__ import annotations

import linecache
import sys
import sysconfig
import time
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import FunctionType, TracebackType
from typing import Any

import numpy as np

from grader import kinds
from grader.calls.record import NotDefined, Record
from grader.exercise import Case, Request
from grader.result import Outcome, Raised, Reply, Returned, Undefined
from grader.sandbox import failure
from grader.sandbox.answers import Unusable, converted

_INSTALLED = (
    *(str(Path(module.__file__ or "").parent) for module in (kinds, np)),
    *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)


def play(namespace: Mapping[str, Any], request: Request, is_limited: bool = False) -> Reply:
    """Play every case, up to the one that is interrupted. Arrays are passed in as copies.

    is_limited: begin no case when the request's limit is over; without, that is left to the person
    """
    started = time.perf_counter()
    outcomes: list[Outcome] = []
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader gives no points to a cell that warns
        for case in request.cases:
            if is_limited and time.perf_counter() - started > request.limit_seconds:
                break
            outcomes.append(_outcome(namespace, request, case, started))
            if isinstance(outcomes[-1], Raised) and outcomes[-1].type == "KeyboardInterrupt":
                break
    return Reply(tuple(outcomes), seconds=time.perf_counter() - started)


def _outcome(namespace: Mapping[str, Any], request: Request, case: Case, started: float) -> Outcome:
    kind = kinds.KINDS[request.kind]
    if request.exercise not in namespace and not kind.needs:
        return Undefined()
    try:
        return _returned(kind.play(namespace, request.exercise, case))
    except NotDefined:
        return Undefined()
    except KeyboardInterrupt as error:
        seconds = time.perf_counter() - started
        message = f"interrupted after {seconds:.0f} s; does a loop never end?"
        return _raised(KeyboardInterrupt(message).with_traceback(error.__traceback__))
    except BaseException as error:
        return _raised(error)


def _returned(record: Record) -> Returned:
    arrays, unusable = {}, {}
    for name, value in record.answers.items():
        try:
            arrays[name] = converted(value)
        except Unusable as words:
            unusable[name] = str(words)
    matrices = {name for name, value in record.answers.items() if isinstance(value, np.matrix)}
    return Returned(arrays, unusable, frozenset(matrices), record.arguments, record.forward_calls)


def _raised(error: BaseException) -> Raised:
    """In the notebook's words, and without a line of ours."""
    sources = _sources(error)
    told = failure.raised(error, sources)
    for file in sources:
        told["where"] = told["where"].replace(file, cell_of(file) or Path(file).name)
    return Raised(**told)


def _sources(error: BaseException) -> dict[str, list[str]]:
    """The lines of all files in the traceback that the student wrote."""
    sources, at = dict[str, list[str]](), error.__traceback__
    while at is not None:
        file = at.tb_frame.f_code.co_filename
        if cell_of(file) or not file.startswith(_INSTALLED):
            sources[file] = _lines(file, at)
        at = at.tb_next
    return {file: lines for file, lines in sources.items() if lines}


def _lines(file: str, at: TracebackType) -> list[str]:
    return [line.rstrip("\n") for line in linecache.getlines(file, at.tb_frame.f_globals)]


def home_of(thing: Any) -> str:
    """The cell whose definition this is, as far as it can be told: "cell In[3]", else ""."""
    inside = [thing, *vars(thing).values()] if isinstance(thing, type) else [thing]
    codes = [one.__code__ for one in inside if isinstance(one, FunctionType)]
    return next((cell for code in codes if (cell := cell_of(code.co_filename))), "")


def cell_of(file: str) -> str | None:
    """ "cell In[3]" for the file name under which IPython compiled that cell."""
    named = getattr(getattr(shell(), "compile", None), "format_code_name", lambda _: None)(file)
    return f"cell {named[1]}" if named else None


def shell() -> Any:
    """The IPython that runs this process, or None; never imports it."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython else None
