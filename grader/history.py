"""Which cells of this session define the same name.

IPython keeps what was run, but not in which cell. So this listens, from `from grader import check`
on: what ran is kept under the id that JupyterLab, Notebook and VS Code give a cell, and a cell that
is edited and run again takes its own place. Where there are no ids nothing is said.
"""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from grader import kernel

DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class Ran(NamedTuple):
    number: int  # as in In[number]
    source: str


_cells: dict[str, Ran] = {}  # by id, in the order in which they ran


def listen() -> None:
    """Keep what is run from now on; does nothing outside IPython, or when asked again."""
    if events := getattr(kernel.shell(), "events", None):
        events.register("post_run_cell", _keep)


def notes(name: str) -> tuple[str, ...]:
    """A note where cells define this name in different ways."""
    found = dict(_definitions(name, _saved()))  # of equal definitions the last
    numbers = sorted(set(found.values()))
    if len(numbers) < 2:  # noqa: PLR2004
        return ()
    *others, last = (f"In[{number}]" for number in numbers)
    return (
        f"{', '.join(others)} and {last} define {name} differently; {last}, which ran last, was "
        f"checked. In what you hand in the lowest in the notebook counts: keep one of them",
    )


def _keep(result: Any) -> None:
    cell, number = getattr(result.info, "cell_id", None), result.execution_count
    if cell is None or number is None:
        return
    _cells.pop(cell, None)
    if result.success:
        _cells[cell] = Ran(number, result.info.raw_cell)


def _definitions(name: str, saved: Collection[str] | None) -> Iterator[tuple[str, int]]:
    """What cells define under this name, and their numbers."""
    for cell, (number, source) in _cells.items():
        if saved is None or cell in saved:
            for one in _statements(source):
                if isinstance(one, DEFINITIONS) and one.name == name:
                    yield ast.dump(one), number


def _statements(source: str) -> list[ast.stmt]:
    try:
        tree: ast.Module = ast.parse(kernel.shell().transform_cell(source))
        return tree.body
    except (AttributeError, SyntaxError, ValueError):
        return []


def _saved() -> set[str] | None:
    """The ids of the cells in the notebook on disk, since a deleted cell defines nothing any more;
    None where the server does not say which notebook it is."""
    try:
        text = Path(os.environ["JPY_SESSION_NAME"]).read_text(encoding="utf-8")
        return {cell.get("id") for cell in json.loads(text)["cells"]}
    except (KeyError, OSError, ValueError, TypeError, AttributeError):
        return None
