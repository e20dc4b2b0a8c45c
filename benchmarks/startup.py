"""How long the doors take to open: `grader --help` and `import grader`, median of some starts.

.venv/bin/python benchmarks/startup.py [--starts 15]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "import grader": ["-c", "import grader"],
    "grader --help": ["-m", "grader", "--help"],
    "import numpy": ["-c", "import numpy"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--starts", type=int, default=15)
    starts = parser.parse_args().starts
    for name, words in COMMANDS.items():
        seconds = [one_start(words) for _ in range(starts)]
        print(f"{name:<16} {1000 * statistics.median(seconds):6.0f} ms")


def one_start(words: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
