"""Kill a run with SIGKILL at many random moments; what it ends with must be what a calm run gives.

    python benchmarks/kill.py --times 100

Every few kills the journal is finished and the next run begins anew, so that all of a run is hit:
the search, the building of the key, grading, and the writing of the pages.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with TemporaryDirectory() as scratch:
        print(storm(Path(scratch), random.Random(asked.seed), asked.times, asked.students))


def storm(folder: Path, moments: random.Random, times: int, students: int) -> str:
    from classroom import solved

    for number in range(students):
        solved(folder / f"in/student{number:02}/losses/losses.ipynb", "losses")
    grade(folder, "calm").wait()
    started = time.perf_counter()
    grade(folder, "again").wait()  # with the key at hand, as every later run
    longest = time.perf_counter() - started
    calm, kills, rounds = results(folder / "calm"), 0, 0
    while kills < times:
        out = f"stormy{rounds}"
        killed = is_killed(grade(folder, out), moments.uniform(0.05, 1.0) * longest)
        kills += killed
        if kills % 10 == 0 or not killed:
            assert grade(folder, out).wait() == 0
            check(folder / out, calm, students)
            rounds += 1
    return f"{kills} kills in {rounds} rounds: always the calm run's results, nothing graded twice"


def is_killed(process: subprocess.Popen, after_seconds: float) -> bool:
    """Kill it then, unless it is done before."""
    try:
        process.wait(after_seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def grade(folder: Path, out: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "grader", "run", "in", "--reference", str(ROOT / "reference")]
    names = {name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")}
    return subprocess.Popen(
        [*command, "--workers", "2", "--out", out],
        cwd=folder,
        env={**os.environ, **names, "PYTHONPATH": str(ROOT), "GRADER_SECRET": "a secret of ours"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def results(folder: Path) -> list[dict]:
    """results.json without what differs from run to run, and with every page there is."""
    found = json.loads((folder / "results.json").read_text())["submissions"]
    for submission in found:
        for one in (submission, *submission["exercises"]):
            del one["seconds"]
    pages = sorted(str(path.relative_to(folder)) for path in folder.glob("**/*.html"))
    return [*found, {"pages": pages}]


def check(folder: Path, calm: list[dict], students: int) -> None:
    assert results(folder) == calm
    lines = (folder / "journal.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["report"]["student"] for line in lines) == [
        f"student{number:02}" for number in range(students)
    ]
    assert not list(folder.glob("**/.*.part")), "half a file was left behind"


if __name__ == "__main__":
    main()
