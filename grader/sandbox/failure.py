"""An exception of student code, in the notebook's words: which cell, which line, what it said.

Worker side. Nothing of ours is named, and nothing hostile in an exception (a __str__ that raises,
a message of a gigabyte) gets further than this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any

MAX_MESSAGE, MAX_SOURCE, MAX_NAME = 800, 160, 80

Sources = Mapping[str, Sequence[str]]  # label of a cell -> its lines
Raised = dict[str, Any]  # the fields of result.Raised


def raised(error: BaseException, sources: Sources) -> Raised:
    """The innermost place in the student's cells counts, wherever the exception came from."""
    if isinstance(error, SyntaxError) and error.filename in sources:
        return _told(error, sources, (f"{error.filename}", error.lineno, ""))
    place: tuple[str, int | None, str] = ("", None, "")
    at: TracebackType | None = error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        if code.co_filename in sources:
            place = (code.co_filename, at.tb_lineno, code.co_qualname)
        at = at.tb_next
    return _told(error, sources, place)


def _told(error: BaseException, sources: Sources, place: tuple[str, int | None, str]) -> Raised:
    label, line, within = place
    return {
        "type": type(error).__name__[:MAX_NAME],
        "message": _message(error),
        "where": _where(label, line, within),
        "line": line,
        "source": _line(sources.get(label, ()), line),
    }


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):
            return str(error.msg)[:MAX_MESSAGE]
        return str(str(error))[:MAX_MESSAGE]
    except BaseException:
        return ""


def _where(label: str, line: int | None, within: str) -> str:
    words = [] if within in ("", "<module>") else [within.replace(".<locals>", "")[:MAX_NAME]]
    words += [label] if label else []
    return ", ".join([*words, f"line {line}"] if line is not None else words)


def _line(lines: Sequence[str], line: int | None) -> str:
    if line is None or not 1 <= line <= len(lines):
        return ""
    return lines[line - 1].strip()[:MAX_SOURCE]
