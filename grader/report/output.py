"""What check() gives back: HTML in a notebook, plain text elsewhere.

In a kernel its text/plain is the bare score, because nbgrader reads the points of a test cell from
there; notebooks show the HTML. In a terminal it is the same report as `grader check` prints.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from grader.report import terminal
from grader.report.arrays import Picture, draw
from grader.result import Verdict


@dataclass(frozen=True)
class Looked:
    """One exercise.

    home: the cell that defines what was checked, "" where that is not known
    """

    verdict: Verdict
    pictures: tuple[Picture, ...] = ()
    home: str = ""


@dataclass(frozen=True, repr=False)
class Checked:
    """is_all: a whole assignment, whose title it then bears
    problem: why nothing could be checked, else ""
    """

    title: str
    looked: tuple[Looked, ...] = ()
    is_all: bool = False
    problem: str = ""

    @property
    def score(self) -> float:
        return math.fsum(one.verdict.score for one in self.looked)

    @property
    def max_score(self) -> float:
        return math.fsum(one.verdict.max_score for one in self.looked)

    def __float__(self) -> float:
        return self.score

    def __repr__(self) -> str:
        if self.problem:
            return f"check: {self.problem}"
        text = "".join(terminal.render(one.verdict) for one in self.looked)
        total = f"{'total':<64}{self.score:4g} / {self.max_score:g}" if self.is_all else ""
        return f"{text}{total}".rstrip("\n")

    def _repr_mimebundle_(
        self, include: Container[str] | None = None, exclude: Container[str] | None = None
    ) -> dict[str, Any]:
        from grader.report import html  # jinja2, which a plain script need not load

        plain = str(self.score) if _in_kernel() else repr(self)
        return {
            "text/plain": plain,
            "text/html": html.fragment("check.html", checked=self, draw=draw),
        }


def _in_kernel() -> bool:
    ipython = sys.modules.get("IPython")
    return getattr(ipython and ipython.get_ipython(), "kernel", None) is not None
