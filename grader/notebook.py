"""Text <-> cells: read what was handed in, a notebook or a script in py:percent cells.

A hostile file can at worst be refused: its size is capped before it is read, and nothing in it is
believed to have a type. The standard library reads it, because importing nbformat costs a second
where Jupyter is installed. Outputs are ignored.
"""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 20_000_000
MAX_SOURCE_BYTES = 5 * 2**20
NBFORMAT = 4
KINDS = ("code", "markdown", "raw")

# "# %%", "#%%", "# %% [markdown]", "# %% a title"; not "# %%time", a magic in a comment.
_MARKER = re.compile(r"#\s?%%+(?:\s+(?P<about>.*))?")
_OURS, _THEIRS = (re.compile(rf"^{sign * 7} ", re.MULTILINE) for sign in "<>")


class NotebookError(ValueError):
    """The file cannot be read as cells. The message tells its author why and what to do."""


@dataclass(frozen=True)
class Cell:
    kind: str  # one of KINDS
    source: str
    number: int  # of the code cell, counted from 1; 0 for text


@dataclass(frozen=True)
class Notebook:
    cells: tuple[Cell, ...]
    metadata: Mapping[str, Any]  # as found in the file: any JSON


def read(path: Path) -> Notebook:
    """Read a .ipynb file, or anything else as py:percent text.

    Raises:
        NotebookError: the file is too large or no such thing
        OSError: it cannot be opened
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise NotebookError("This is no file. Hand in the notebook itself.")
    if status.st_size > MAX_FILE_BYTES:
        raise _too_large(status.st_size)
    with path.open("rb") as file:
        return parse(file.read(MAX_FILE_BYTES + 1), path.suffix)


def parse(raw: bytes, suffix: str = ".ipynb") -> Notebook:
    """Turn the bytes of a file into cells; suffix is that of its name.

    Raises:
        NotebookError: it is no notebook, or too large
    """
    if len(raw) > MAX_FILE_BYTES:
        raise _too_large(len(raw))
    text = _decoded(raw)
    if not text.strip():
        raise NotebookError("The file is empty. Save the notebook and hand it in again.")
    notebook = _from_json(text) if suffix == ".ipynb" else _from_percent(text)
    size = sum(len(cell.source) for cell in notebook.cells)
    if size > MAX_SOURCE_BYTES:
        raise NotebookError(
            f"The cells hold {size / 2**20:.0f} MiB of text, {MAX_SOURCE_BYTES / 2**20:.0f} are "
            f"accepted. Are data pasted into a cell? Keep them in a file of their own."
        )
    return notebook


def _too_large(size: int) -> NotebookError:
    return NotebookError(
        f"The file has {size / 1e6:.0f} MB, {MAX_FILE_BYTES / 1e6:.0f} are accepted. Clear the "
        f"outputs (Kernel > Restart Kernel and Clear Outputs of All Cells), save, hand in again."
    )


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise NotebookError(
            "The file is not UTF-8 text. Open it in Jupyter, save it and hand it in again."
        ) from None


def _refuse_conflict(text: str) -> None:
    if _OURS.search(text) and _THEIRS.search(text):
        raise NotebookError(
            "The file holds merge-conflict markers (<<<<<<< ... >>>>>>>). Choose one of the two "
            "versions, open the result in Jupyter, save it and hand it in again."
        )


def _from_json(text: str) -> Notebook:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):  # ValueError: also a number of thousands of digits
        _refuse_conflict(text)
        raise NotebookError(
            "The file is not a notebook: its content is not JSON, or is cut off. Hand in the "
            ".ipynb file that Jupyter saved, not an export or a page of a web site."
        ) from None
    if not isinstance(content, dict) or "nbformat" not in content:
        raise NotebookError("The file is JSON, but not a notebook. Hand in the .ipynb file.")
    _check_version(content["nbformat"])
    cells = content.get("cells")
    if not isinstance(cells, list):
        raise NotebookError("The notebook is damaged: it has no list of cells. Hand in a copy.")
    metadata = content.get("metadata")
    return Notebook(
        _numbered(_json_cell(place, cell) for place, cell in enumerate(cells, 1)),
        metadata if isinstance(metadata, dict) else {},
    )


def _check_version(version: object) -> None:
    if type(version) is int and version == NBFORMAT:  # not 4.0, nor True for 1
        return
    if type(version) is int and 0 < version < NBFORMAT:
        raise NotebookError(
            f"The notebook is in the old format {version}. Open it in Jupyter and save it again."
        )
    raise NotebookError(
        f"The notebook says it is in format {str(version)[:20]}; format {NBFORMAT} is known. Open "
        f"it in Jupyter and save it again."
    )


def _json_cell(place: int, cell: object) -> tuple[str, str]:
    """The kind and the source of one cell."""
    kind, source = (
        (cell.get("cell_type"), cell.get("source")) if isinstance(cell, dict) else (None, None)
    )
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if kind not in KINDS or not isinstance(source, str):
        raise NotebookError(
            f"The notebook is damaged at cell {place} (all cells counted). Open it in Jupyter, "
            f"delete or rewrite that cell and save."
        )
    return kind, _without_lone_surrogates(source)


def _without_lone_surrogates(source: str) -> str:
    r"""JSON may say "\ud800", which no file and no other process can be told."""
    return source.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _numbered(cells: Iterator[tuple[str, str]]) -> tuple[Cell, ...]:
    numbered, count = [], 0
    for kind, source in cells:
        count += kind == "code"
        numbered.append(Cell(kind, source, count if kind == "code" else 0))
    return tuple(numbered)


def _from_percent(text: str) -> Notebook:
    _refuse_conflict(text)
    if text.lstrip().startswith("{") and '"cells"' in text:
        raise NotebookError("This is a notebook under another name. Give it the ending .ipynb.")
    return Notebook(_numbered(_percent_cells(text)), {})


def _percent_cells(text: str) -> Iterator[tuple[str, str]]:
    kind, lines = "code", list[str]()
    for line in _without_header(text.split("\n")):
        if marker := _MARKER.fullmatch(line):
            yield from _percent_cell(kind, lines)
            about = (marker["about"] or "").lstrip()
            kind = "markdown" if "[markdown]" in about or "[md]" in about else "code"
            kind, lines = ("raw" if "[raw]" in about else kind), []
        else:
            lines.append(line)
    yield from _percent_cell(kind, lines)


def _without_header(lines: list[str]) -> list[str]:
    """Leave out the block between two "# ---" in which jupytext keeps the metadata."""
    if lines[0].rstrip() == "# ---" and "# ---" in lines[1:]:
        return lines[lines.index("# ---", 1) + 1 :]
    return lines


def _percent_cell(kind: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    if kind != "code":
        lines = [line.removeprefix("#").removeprefix(" ") for line in lines]
    source = "\n".join(lines).strip("\n")
    if source.strip():
        yield kind, source
