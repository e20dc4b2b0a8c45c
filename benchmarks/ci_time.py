"""From checkout to summary on a machine that has Python and nothing else, for one assignment.

.venv/bin/python benchmarks/ci_time.py [--slug layers] [--runs 3]

Each run makes an empty venv, installs a wheel built from this checkout with all that it needs, and
grades the repository that `grader start --github` makes, as the workflow in it does. pip's cache
is not used. "grading" is the second call of `grader ci`, whole process, libraries being read
already. On a machine that has other work to do, the seconds of CPU say more than those that went
by.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
STEPS = ("venv", "install", "first grading", "grading")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--slug", default="layers")
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with TemporaryDirectory() as place:
        folder = Path(place)
        build = ["hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run([sys.executable, "-m", *build], cwd=ROOT, check=True, capture_output=True)
        runs = [list(job(asked.slug, folder / str(n), folder)) for n in range(asked.runs)]
    print(f"{'':<16} {'passed':>8} {'CPU':>8}")
    for name, pairs in zip(STEPS, zip(*runs, strict=True), strict=True):
        show(name, pairs)
    show("to the summary", [list(map(sum, zip(*pairs[:3], strict=True))) for pairs in runs])


def show(name: str, pairs: Sequence[Sequence[float]]) -> None:
    passed, used = (statistics.median(one) for one in zip(*pairs, strict=True))
    print(f"{name:<16} {passed:6.1f} s {used:6.1f} s")


def job(slug: str, folder: Path, wheels: Path) -> Iterator[tuple[float, float]]:
    """Seconds of each step: how many passed, and how many the processor worked."""
    programs = folder / "venv" / "bin"
    (wheel,) = wheels.glob("*.whl")
    yield taken([sys.executable, "-m", "venv", folder / "venv"], wheels)
    yield taken([programs / "pip", "install", "-q", "--no-cache-dir", wheel], wheels)
    taken([programs / "grader", "start", slug, "--github"], folder)
    for _ in range(2):
        yield taken([programs / "grader", "ci"], folder / slug)


def taken(command: list[object], folder: Path) -> tuple[float, float]:
    environment = {**os.environ, "GITHUB_STEP_SUMMARY": str(folder / "summary.md")}
    start, before = time.perf_counter(), processor()
    subprocess.run(
        list(map(str, command)), cwd=folder, env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - start, processor() - before


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
