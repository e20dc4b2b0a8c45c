"""Peak memory of a whole run, 100 against 1,000 submissions: it should not grow with the class.

    .venv/bin/python benchmarks/memory.py [--counts 100 1000]

Memory is the proportional set size of the command and all its processes, looked at every 50 ms.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from against_nbgrader import ROOT, make_class


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[100, 1000])
    for count in parser.parse_args().counts:
        with tempfile.TemporaryDirectory() as folder:
            make_class(Path(folder, "submissions"), count)
            seconds, peak = watched(Path(folder))
        print(f"{count:5d} submissions: peak {peak / 1024:6.1f} MiB, {seconds:6.1f} s")


def watched(folder: Path) -> tuple[float, int]:
    """Seconds and peak memory (KiB) of one run."""
    command = [
        sys.executable,
        "-m",
        "grader",
        "run",
        "submissions",
        "--workers",
        "2",
        "--reference",
        ROOT / "reference",
    ]
    start, peak = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            peak = max(peak, sum(memory(pid) for pid in family(process.pid)))
            time.sleep(0.05)
    if process.returncode:
        sys.exit(f"grader run ended with {process.returncode}")
    return time.perf_counter() - start, peak


def family(pid: int) -> list[int]:
    """The process and all that descend from it."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return [pid]
    return [pid, *(one for child in text.split() for one in family(int(child)))]


def memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it ended meanwhile
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    main()
