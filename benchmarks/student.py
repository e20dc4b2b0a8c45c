"""The student's side: how long a kernel waits, and what the install adds to a Jupyter.

.venv/bin/python benchmarks/student.py [--starts 9]    import, check(Affine), check()
.venv/bin/python benchmarks/student.py --assignments   every exercise of every assignment, solved
.venv/bin/python benchmarks/student.py --install          and an install into a fresh Jupyter venv
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

from grader.assignment import load

ROOT = Path(__file__).parent.parent
IMPORT = """
import time, numpy
before = time.perf_counter(), time.process_time()
from grader import check
print(time.perf_counter() - before[0], time.process_time() - before[1])
"""
CHECK = """
import json, time
from grader import check
from grader.handout import bundled
page = json.loads((bundled()["layers"] / "layers.ipynb").read_text())
for cell in page["cells"]:
    source = "".join(cell["source"])
    if source.startswith(("import numpy", "class", "def")) and "plt." not in source:
        exec(source)
def backward(self, upstream):
    self.dW, self.db = self.x.T @ upstream, upstream.mean(axis=0)
    return upstream @ self.W.T
Affine.backward = backward
for what in ((Affine,), (Affine,), (), ()):
    before = time.perf_counter()
    check(*what)._repr_mimebundle_()
    print(time.perf_counter() - before)
"""
SOLVED = """
import os, sys, time
from pathlib import Path
from grader import check
from grader.assignment import load
reference = Path(sys.argv[1])
page = load(reference)
os.chdir(reference.parent.parent / "assignments" / reference.stem)
names = [one.name for one in page.exercises]
for name in (names[0], *names, None):  # the first check waits for imports
    before = time.perf_counter()
    shown = eval(f"check({name!r})" if name else "check()", page.namespace | {"check": check})
    shown._repr_mimebundle_()
    print(time.perf_counter() - before)
"""
PACKAGES = """
import importlib.metadata as metadata, json
def size(one):
    paths = [file.locate() for file in one.files or ()]
    return sum(path.stat().st_size for path in paths if path.is_file())
print(json.dumps({one.metadata["Name"]: size(one) for one in metadata.distributions()}))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--assignments", action="store_true")
    parser.add_argument("--install", action="store_true")
    asked = parser.parse_args()
    importing, of_processor = medians(IMPORT, asked.starts)
    one, one_again, all_of_them, all_again = medians(CHECK, asked.starts)
    print(f"import beyond numpy     {1000 * importing:6.0f} ms, CPU {1000 * of_processor:.0f} ms")
    print(f"check(Affine), first    {1000 * one:6.0f} ms, then {1000 * one_again:.0f} ms")
    print(f"check() of layers       {1000 * all_of_them:6.0f} ms, then {1000 * all_again:.0f} ms")
    if asked.assignments:
        assignments(asked.starts)
    if asked.install:
        install()


def assignments(starts: int) -> None:
    """What check of the reference's own solutions takes, from the name to the page, as a table."""
    print("| assignment | first check | slowest later | check() |\n|---|---|---|---|")
    for path in sorted((ROOT / "reference").glob("*.py")):
        first, *each, all_of_them = medians(SOLVED, starts, str(path))
        names = [one.name for one in load(path).exercises]
        seconds, name = max(zip(each, names, strict=True))
        times = (shown(first), f"{name} {shown(seconds)}", shown(all_of_them))
        print(f"| {path.stem} | {' | '.join(times)} |", flush=True)


def shown(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def medians(code: str, starts: int, *words: str) -> list[float]:
    """The seconds on each line of what the program prints."""
    rows = []
    for _ in range(starts):
        command = [sys.executable, "-c", code, *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        rows.append([float(word) for word in done.stdout.split()])
    return [statistics.median(column) for column in zip(*rows, strict=True)]


def install() -> None:
    for there in (["jupyterlab"], ["jupyterlab", "numpy", "matplotlib"]):
        with tempfile.TemporaryDirectory() as folder:
            venv.EnvBuilder(with_pip=True).create(folder)
            script = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
            python = Path(folder) / script
            pip(python, *there)
            before, started = packages(python), time.perf_counter()
            pip(python, str(ROOT))
            seconds = time.perf_counter() - started
            new = {name: size for name, size in packages(python).items() if name not in before}
        size = sum(new.values()) / 1e6
        print(f"on top of {', '.join(there)}: {size:.0f} MB, {len(new)} packages, {seconds:.1f} s")


def pip(python: Path, *words: str) -> None:
    command = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *words]
    subprocess.run(command, check=True)


def packages(python: Path) -> dict[str, int]:
    done = subprocess.run([python, "-c", PACKAGES], capture_output=True, text=True, check=True)
    sizes: dict[str, int] = json.loads(done.stdout)
    return sizes


if __name__ == "__main__":
    main()
