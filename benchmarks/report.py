"""How long all that people read takes to make from finished results, and how large it is.

    python benchmarks/report.py --from graded --students 1000 --assignment layers
    python benchmarks/report.py --train --students 200

The reports in the folder are dealt out to as many students as asked for, in turn. With --train they
are those of right solutions of circle and moons, graded first, so that every page has pictures.
"""

import argparse
import subprocess
import sys
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.course import Course
from grader.publish import publish
from grader.results import read

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="folder", type=Path, default=Path("graded"))
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="Folder for the pages; thrown away otherwise.")
    parser.add_argument("--assignment", nargs="+", help="Only these.")
    parser.add_argument("--train", action="store_true")
    asked = parser.parse_args()
    with TemporaryDirectory() as scratch:
        results = read(trained(Path(scratch, "trained")) if asked.train else asked.folder)
        out = asked.keep or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        chosen = [
            one for one in results if one["assignment"] in (asked.assignment or [one["assignment"]])
        ]
        dealt = islice(cycle(chosen), asked.students)
        reports = ({**one, "student": f"student{n:04}"} for n, one in enumerate(dealt))
        started, cpu = time.perf_counter(), time.process_time()
        publish(out, reports, Course(), (results.grader, results.isolation), print)
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu
        pages = [path.stat().st_size for path in out.glob("feedback/*/*.html")]
        print(f"{asked.students} submissions: {seconds:.2f} s, {cpu:.2f} s of a processor")
        for name in ("index.html", "results.json", "results.csv"):
            print(f"{name:14}{(out / name).stat().st_size / 1e6:8.2f} MB")
        print(f"{'feedback':14}{sum(pages) / 1e6:8.2f} MB in {len(pages)} pages")


def trained(folder: Path) -> Path:
    """Results of right solutions of circle and moons."""
    from classroom import solved

    for slug in ("circle", "moons"):
        solved(folder / f"in/ada/{slug}/{slug}.ipynb", slug)
    command = [sys.executable, "-m", "grader", "run", folder / "in", "--out", folder / "graded"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder / "graded"


if __name__ == "__main__":
    main()
