"""What students hand in, made for tests from the references."""

import ast
import json
from functools import cache
from pathlib import Path

from grader.notebook import read

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "reference"
SECRET = "a secret of the tests"
KNOWN = {"layers": ["Affine", "ReLU"], "losses": ["MSELoss"]}


@cache
def solution(slug):
    """The cells of a page, without those that students never see."""
    cells = read(REFERENCE / f"{slug}.py").cells
    return [c.source for c in cells if c.kind == "code" and "from grader" not in c.source]


def write(path, sources, slug=None):
    """A notebook of these code cells."""
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": text, "metadata": {}, "outputs": []}
        | {"execution_count": None}
        for n, text in enumerate(sources)
    ]
    about = {"grader": {"assignment": slug}} if slug else {}
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": about, "cells": cells}
    path.write_text(json.dumps(content))
    return path


def solved(path, slug="layers", old="", new=""):
    """A notebook with the reference's code, one text in it replaced by another."""
    return write(path, [text.replace(old, new) if old else text for text in solution(slug)], slug)


def handed_in(path, page, template, old="", new=""):
    """The built notebook with the page's solutions in place of the stubs, one text replaced."""
    names = [exercise.name for exercise in page.exercises]
    defined = {
        node.name: cell.source
        for cell in read(page.path).cells
        if cell.kind == "code"
        for node in ast.parse(cell.source).body
        if getattr(node, "name", "") in names
    }
    content = json.loads(template.read_text())
    assert not old or any(old in source for source in defined.values())
    for cell in content["cells"]:
        if cell["id"] in names:
            cell["source"] = defined[cell["id"]].replace(old or "\0", new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path
