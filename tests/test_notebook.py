import contextlib
import json
import time

import pytest

from grader.notebook import (
    MAX_FILE_BYTES,
    MAX_SOURCE_BYTES,
    Cell,
    NotebookError,
    parse,
    read,
)


def _notebook(*cells, **fields):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": list(cells), **fields}).encode()


def _code(source, **fields):
    return {"cell_type": "code", "source": source, **fields}


def _nested(depth):
    return b'{"nbformat": 4, "cells": ' + b"[" * depth + b"]" * depth + b"}"


CONFLICT = b'{"cells": [\n<<<<<<< HEAD\n"a"\n=======\n"b"\n>>>>>>> main\n], "nbformat": 4}'

UNREADABLE = {
    "empty": (b"", "file is empty"),
    "blank": (b" \n\n", "file is empty"),
    "not JSON": (b"hello", "not JSON"),
    "cut off": (_notebook(_code("x = 1"))[:-9], "cut off"),
    "a web page": (b"<!DOCTYPE html><html></html>", "not an export or a page"),
    "binary": (b"\x89PNG\r\n\x1a\n\xff\xfe", "not UTF-8"),
    "UTF-16": ("{}".encode("utf-16"), "not UTF-8"),
    "merge conflict": (CONFLICT, "merge-conflict markers"),
    "other JSON": (b'{"a": 1}', "not a notebook"),
    "a list": (b"[1, 2]", "not a notebook"),
    "a number of a million digits": (b"1" * 1_000_000, "not JSON"),
    "nested too deep": (_nested(1_000_000), "not JSON"),
    "format 3": (b'{"nbformat": 3, "worksheets": []}', "old format 3. Open it in Jupyter"),
    "format 5": (_notebook(nbformat=5), "format 4 is known"),
    "format true": (_notebook(nbformat=True), "format 4 is known"),
    "format text": (_notebook(nbformat="4" * 9999), "format 4 is known"),
    "format list": (_notebook(nbformat=[4]), "format 4 is known"),
    "no cells": (b'{"nbformat": 4}', "no list of cells"),
    "cells are an object": (b'{"nbformat": 4, "cells": {}}', "no list of cells"),
    "a cell is a list": (_notebook([]), "damaged at cell 1"),
    "a cell is null": (_notebook(_code("a"), None), "damaged at cell 2"),
    "no cell type": (_notebook({"source": "a"}), "damaged at cell 1"),
    "unknown cell type": (_notebook({"cell_type": "sql", "source": ""}), "damaged at cell 1"),
    "a cell type that is a list": (_notebook({"cell_type": [], "source": ""}), "damaged at cell 1"),
    "source is a number": (_notebook(_code(1)), "damaged at cell 1"),
    "source is a list of numbers": (_notebook(_code([1])), "damaged at cell 1"),
    "source is missing": (_notebook({"cell_type": "code"}), "damaged at cell 1"),
    "source of 6 MiB": (_notebook(_code("x" * (MAX_SOURCE_BYTES + 2**20))), "6 MiB of text"),
    "file of 21 MB": (b" " * (MAX_FILE_BYTES + 1_000_000), "Clear the outputs"),
}


@pytest.mark.parametrize(("raw", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_is_no_notebook_is_refused_with_a_reason(raw, says):
    with pytest.raises(NotebookError, match=says):
        parse(raw)


@pytest.mark.parametrize(("raw", "says"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_refusal_says_no_more_than_a_few_sentences(raw, says):
    with pytest.raises(NotebookError) as caught:
        parse(raw)
    assert len(str(caught.value)) < 250


def test_outputs_of_100_megabytes_are_refused_without_reading_them(tmp_path):
    path = tmp_path / "big.ipynb"
    with path.open("wb") as file:
        file.truncate(104_000_000)
    with pytest.raises(NotebookError, match="has 104 MB, 20 are accepted"):
        read(path)


def test_a_folder_is_no_notebook(tmp_path):
    with pytest.raises(NotebookError, match="no file"):
        read(tmp_path)


def test_code_cells_are_counted_from_one_and_text_is_not():
    raw = _notebook({"cell_type": "markdown", "source": "# T"}, _code("a = 1"), _code(["b\n", "c"]))
    assert parse(raw).cells == (
        Cell("markdown", "# T", 0),
        Cell("code", "a = 1", 1),
        Cell("code", "b\nc", 2),
    )


def test_outputs_are_ignored_whatever_they_are():
    assert parse(_notebook(_code("a", outputs=7))).cells == (Cell("code", "a", 1),)


@pytest.mark.parametrize("metadata", [None, 1, [], "x"])
def test_damaged_metadata_count_as_none(metadata):
    assert parse(_notebook(metadata=metadata)).metadata == {}


def test_metadata_are_kept():
    assert parse(_notebook(metadata={"grader": {"assignment": "layers"}})).metadata == {
        "grader": {"assignment": "layers"}
    }


def test_half_a_surrogate_pair_becomes_something_that_can_be_written():
    (cell,) = parse(
        rb'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "a\ud800"}]}'
    ).cells
    assert cell.source.encode()


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    (cell,) = parse(b"\xef\xbb\xbf# %%\r\nx = 1\r\ny = 2\r\n", ".py").cells
    assert cell.source == "x = 1\ny = 2"


PERCENT = {
    "a plain script": ("x = 1\n", [("code", "x = 1")]),
    "cells": ("# %%\na\n\n# %%\nb\n", [("code", "a"), ("code", "b")]),
    "no blank": ("#%%\na\n#%% title\nb", [("code", "a"), ("code", "b")]),
    "tags": ('# %% tags=["x"]\na', [("code", "a")]),
    "text": ("# %% [markdown]\n# # T\n#\n# t\n# %%\na", [("markdown", "# T\n\nt"), ("code", "a")]),
    "raw": ("# %% [raw]\n# r", [("raw", "r")]),
    "a magic in a comment": ("# %%\n# %%time\na", [("code", "# %%time\na")]),
    "jupytext header": ("# ---\n# jupyter: {}\n# ---\n\n# %%\na", [("code", "a")]),
    "empty cells": ("# %%\n\n# %%\na", [("code", "a")]),
}


@pytest.mark.parametrize(("text", "cells"), PERCENT.values(), ids=PERCENT.keys())
def test_percent_cells(text, cells):
    assert [(cell.kind, cell.source) for cell in parse(text.encode(), ".py").cells] == cells


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"a = 1\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> main\n", "merge-conflict"),
        (_notebook(), "Give it the ending .ipynb"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_a_script_that_is_none_is_refused(raw, says):
    with pytest.raises(NotebookError, match=says):
        parse(raw, ".py")


def test_a_title_underlined_in_a_docstring_is_no_merge_conflict():
    assert parse(b'"""\nTitle\n=======\n"""\n', ".py").cells


@pytest.mark.parametrize(
    "raw",
    [
        b"<<<<<<< \n" * 2_000_000,
        b"#%%" + b" " * 10_000_000 + b"\n",
        b"# ---\n" * 1_000_000,
        b'{"nbformat": 4, "cells": [' + b"[" * 5_000_000,
    ],
    ids=["half a conflict", "a long marker", "many headers", "open brackets"],
)
@pytest.mark.parametrize("suffix", [".ipynb", ".py"])
def test_a_file_made_to_be_slow_is_read_in_time_that_grows_with_its_size(raw, suffix):
    started = time.process_time()
    with contextlib.suppress(NotebookError):
        parse(raw, suffix)
    assert time.process_time() - started < 5
