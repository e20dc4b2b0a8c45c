"""What students hand in, made for tests from the references."""

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
