"""Seconds per submission, side by side with `nbgrader autograde`: same exercises, same notebooks.

    .venv/bin/python benchmarks/against_nbgrader.py [--submissions 20] [--rounds 3]

Both grade the sample class's `layers` notebooks (without the one that never ends), repeated to the
number asked for. nbgrader's test cells make the very calls that this grader makes and compare with
the same arrays, in the kernel; this grader runs them in its isolation with two workers and writes
its feedback pages. Wall and CPU seconds are those of the whole commands, start-up included.
"""

from __future__ import annotations

import argparse
import base64
import os
import pickle
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.assignment import load
from grader.exercise import PUBLIC
from grader.oracle import reference_key

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "assignments/layers/layers.ipynb"
ENDLESS = {"grace"}  # waits for the time limit, which is nobody's speed
TEST_CELL = """\
import base64, pickle
import numpy as np
from grader.kinds import KINDS
for case, expected in pickle.loads(base64.b64decode("{data}")):
    answers = KINDS["{kind}"].play(globals(), "{name}", case).answers
    for array, want in expected.items():
        np.testing.assert_allclose(answers[array], want, rtol=1e-6, atol=1e-9)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course, handed_in = Path(folder, "course"), Path(folder, "submissions")
        make_class(handed_in, options.submissions)
        make_course(course, handed_in)
        rounds = []
        ours = timed(grade(handed_in, Path(folder, "first")), course.parent)
        print(
            f"first run, which may have to build the key: {ours[0]:.2f} s wall, {ours[1]:.2f} s CPU"
        )
        for number in range(options.rounds):
            ours = timed(grade(handed_in, Path(folder, f"out{number}")), course.parent)
            theirs = timed(
                [sys.executable, "-m", "nbgrader", "autograde", "layers", "--force"], course
            )
            rounds.append((ours, theirs))
            show(number + 1, ours, theirs, options.submissions)
    ratios = [theirs[0] / ours[0] for ours, theirs in rounds]
    print(f"nbgrader takes {statistics.median(ratios):.0f} times the wall time (median of rounds)")


def grade(handed_in: Path, out: Path) -> list[object]:
    words = [sys.executable, "-m", "grader", "run", handed_in, "--out", out]
    return [*words, "--workers", "2", "--reference", ROOT / "reference"]


def make_class(folder: Path, count: int) -> None:
    """<folder>/s0001/layers/layers.ipynb ..., taken in turn from the sample class."""
    found = sorted((ROOT / "submissions").glob("*/layers/*.ipynb"))
    found = [path for path in found if path.parent.parent.name not in ENDLESS]
    for number in range(count):
        target = folder / f"s{number + 1:04d}" / "layers" / "layers.ipynb"
        target.parent.mkdir(parents=True)
        shutil.copy(found[number % len(found)], target)


def make_course(folder: Path, handed_in: Path) -> None:
    """An nbgrader course whose test cells make our calls."""
    import nbformat

    notebook = nbformat.read(TEMPLATE, 4)
    tests = test_cells()
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and about["grade_id"] in tests:
            cell.source = tests[about["grade_id"]]
    (folder / "source/layers").mkdir(parents=True)
    nbformat.write(notebook, folder / "source/layers/layers.ipynb")
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id='a'\n"
    )
    shutil.copytree(handed_in, folder / "submitted")
    run([sys.executable, "-m", "nbgrader", "generate_assignment", "layers"], folder)


def test_cells() -> dict[str, str]:
    cells = {}
    for one in reference_key(load(ROOT / "reference/layers.py"), PUBLIC).exercises:
        cases = [
            (case.case, {name: case.expected[name].array for name in one.exercise.points})
            for case in one.cases
        ]
        data = base64.b64encode(pickle.dumps(cases)).decode()
        name, kind = one.exercise.name, one.exercise.kind
        cells[f"test_{name}"] = TEST_CELL.format(data=data, kind=kind, name=name)
    return cells


def timed(command: list[object], folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of a command and everything that it starts."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    run(command, folder)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(command: list[object], folder: Path) -> None:
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stderr[-3000:]}")


def show(number: int, ours: tuple[float, float], theirs: tuple[float, float], count: int) -> None:
    for name, (wall, cpu) in (("grader", ours), ("nbgrader", theirs)):
        print(
            f"round {number}  {name:<9} {wall:7.2f} s wall, {cpu:7.2f} s CPU; per submission "
            f"{1000 * wall / count:7.1f} ms wall, {1000 * cpu / count:7.1f} ms CPU"
        )


if __name__ == "__main__":
    main()
