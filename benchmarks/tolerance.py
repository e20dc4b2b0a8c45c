"""Where the tolerance lies: the worst error of right answers, the smallest effect of a mistake.

    .venv/bin/python benchmarks/tolerance.py [SLUG...]

Right answers are those of tests/submissions, mistakes are all mutants that any case tells from the
reference. Errors are relative to the size of the gradient in question.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from grader.assignment import Assignment, load
from grader.compare import compare
from grader.exercise import PUBLIC
from grader.judge import judge
from grader.key import ExerciseKey, Key
from grader.oracle import reference_key
from grader.result import Returned
from grader.sandbox.host import Sandbox, sandbox
from grader.suspects import with_suspects

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("slugs", nargs="*", default=["layers", "losses"])
    double, single, effects = [], [], []
    with sandbox() as box:
        for slug in parser.parse_args().slugs:
            page = load(ROOT / "reference" / f"{slug}.py")
            key = with_suspects(reference_key(page, PUBLIC), page, box)
            for error, is_single in right_answers(key, page, box):
                (single if is_single else double).append(error)
            effects += [effect for one in key.exercises for effect in mistakes(one)]
    print(f"{len(double)} right arrays in float64: worst error {max(double):.1e}")
    print(f"{len(single)} right arrays in float32: worst error {max(single, default=0):.1e}")
    print(f"{len(effects)} mutants: smallest effect {min(effects):.1e}")


def right_answers(key: Key, page: Assignment, box: Sandbox) -> Iterator[tuple[float, bool]]:
    """The worst error of every right array, and whether it came as float32."""
    for path in sorted((ROOT / "tests/submissions" / page.slug).glob("right*.py")):
        text = path.read_text()
        names = re.findall(r"^# expect: (\S+) correct", text, re.MULTILINE)
        chosen = [one for one in key.exercises if one.exercise.name in names]
        replies = box.play([("cell 1", text)], [one.request for one in chosen])
        for one, reply in zip(chosen, replies, strict=True):
            first = reply.outcomes[0]
            for array in judge(one, reply).arrays if isinstance(first, Returned) else ():
                is_single = first.arrays[array.name].dtype == np.float32
                yield array.relative_error or 0.0, is_single


def mistakes(key: ExerciseKey) -> Iterator[float]:
    """The largest error of every mutant whose arrays have the right shapes and are finite."""
    for suspect in key.suspects:
        errors = [
            comparison.relative_error
            for case, arrays in zip(key.cases, suspect.arrays, strict=True)
            for comparison in compare(case.expected, Returned(arrays))
            if comparison.array in key.exercise.points
        ]
        if None not in errors:
            yield max(error for error in errors if error is not None)


if __name__ == "__main__":
    main()
