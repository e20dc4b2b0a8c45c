"""What grading adds to a training run: the same code graded in the isolation, and run bare.

    .venv/bin/python benchmarks/training_time.py [--rounds 5]

Both play every case of `train`, with 1000 steps in the full runs, on one thread; graded includes
locking a process, loading the notebook, sending arrays and judging. Wall time is that of the
quickest round. Processor time, of all processes together, is the mean of all rounds, and does not
depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from grader.assignment import Assignment, load
from grader.judge import judge
from grader.key import ExerciseKey
from grader.kinds import KINDS
from grader.notebook import parse
from grader.oracle import exercise_key
from grader.sandbox.host import Sandbox, sandbox

ROOT = Path(__file__).parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    start = _timed(lambda box: None, 1).processor
    print("| run | time | bare | graded | ratio |\n|---|---|---|---|---|")
    for slug in ("circle", "moons"):
        page = load(ROOT / "reference" / f"{slug}.py")
        key = exercise_key(page, page.exercises[-1], "benchmark")
        bare = _timed(partial(_bare, page, key), rounds)
        graded = _timed(partial(_graded, page, key), rounds)
        _row(slug, "wall", bare.wall, graded.wall)
        _row(slug, "processor", bare.processor - start / rounds, graded.processor - start / rounds)


def _row(slug: str, name: str, bare: float, graded: float) -> None:
    print(f"| {slug} | {name} | {bare:.2f} s | {graded:.2f} s | {graded / bare:.2f} |", flush=True)


@dataclass(frozen=True)
class Times:
    wall: float
    processor: float


def _timed(play: Callable[[Sandbox], None], rounds: int) -> Times:
    """Play that often beside an open sandbox, whose start counts among the processor time."""
    before, wall = os.times(), []
    with sandbox() as box:
        box.self_test()
        for _ in range(rounds):
            start = time.perf_counter()
            play(box)
            wall.append(time.perf_counter() - start)
    spent = [now - then for now, then in zip(os.times()[:4], before[:4], strict=True)]
    return Times(min(wall), sum(spent) / rounds)


def _bare(page: Assignment, key: ExerciseKey, box: Sandbox) -> None:
    for one in key.cases:
        KINDS[key.exercise.kind].play(page.namespace, key.exercise.name, one.case)


def _graded(page: Assignment, key: ExerciseKey, box: Sandbox) -> None:
    cells = [
        (f"cell {cell.number}", cell.source)
        for cell in parse(page.source.encode(), ".py").cells
        if cell.kind == "code"
    ]
    (reply,) = box.play(cells, [key.request])
    verdict = judge(key, reply)
    assert verdict.score == verdict.max_score, verdict


if __name__ == "__main__":
    main()
