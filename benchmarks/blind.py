"""Recall and precision of the diagnosis on answers that were written without it.

    .venv/bin/python benchmarks/blind.py [--verbose]

Each cell of tests/blind/*.py is a wrong answer, headed by the names that are true of it.
"""

from __future__ import annotations

import argparse
import collections
from collections.abc import Iterator
from pathlib import Path

from grader.assignment import load
from grader.diagnose import diagnose
from grader.exercise import PUBLIC
from grader.judge import judge
from grader.key import Key
from grader.oracle import reference_key
from grader.result import Verdict
from grader.sandbox.host import Sandbox, sandbox
from grader.suspects import with_suspects

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--verbose", action="store_true", help="print every answer")
    verbose = parser.parse_args().verbose
    counts: collections.Counter[str] = collections.Counter()
    with sandbox() as box:
        for path in sorted((ROOT / "tests/blind").glob("*.py")):
            page = load(ROOT / "reference" / path.name)
            key = with_suspects(reference_key(page, PUBLIC), page, box)
            for name, true, source in answers(path):
                verdict = graded(key, name, source, box)
                outcome = rated(verdict, true)
                counts[outcome] += 1
                if verbose:
                    print(f"{outcome:<28} {name}: {said(verdict)} (true: {', '.join(true)})")
    for outcome, count in sorted(counts.items()):
        print(f"{count:4d}  {outcome}")


def answers(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """The exercise, the true names and the source of each cell."""
    for cell in path.read_text().split("# %% ")[1:]:
        head, _, source = cell.partition("\n")
        name, _, true = head.partition(": ")
        yield name, true.split(", "), "import numpy as np\n" + source


def graded(key: Key, name: str, source: str, box: Sandbox) -> Verdict:
    exercise = next(one for one in key.exercises if one.exercise.name == name)
    (reply,) = box.play([("cell 1", source)], [exercise.request])
    return diagnose(exercise, reply, judge(exercise, reply))


def rated(verdict: Verdict, true: list[str]) -> str:
    if verdict.diagnosis is None:
        return "no diagnosis" if verdict.stopped is None else "stopped"
    right = "true" if verdict.diagnosis.mistake in true else "FALSE"
    return f"{right}, {verdict.diagnosis.certainty}"


def said(verdict: Verdict) -> str:
    if verdict.diagnosis is None:
        findings = "; ".join(f"{one.array} {one.detail}" for one in verdict.findings)
        return f"{verdict.status} {findings}"
    return f"{verdict.diagnosis.mistake} in {verdict.diagnosis.array}"


if __name__ == "__main__":
    main()
