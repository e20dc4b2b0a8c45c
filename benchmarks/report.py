"""How long all that people read takes to make from finished results, and how large it is.

    python benchmarks/report.py --from graded --students 1000

The reports in the folder are dealt out to as many students as asked for, in turn.
"""

import argparse
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.course import Course
from grader.publish import publish
from grader.results import read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="folder", type=Path, default=Path("graded"))
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="Folder for the pages; thrown away otherwise.")
    asked = parser.parse_args()
    results = read(asked.folder)
    with TemporaryDirectory() as scratch:
        out = asked.keep or Path(scratch)
        out.mkdir(parents=True, exist_ok=True)
        dealt = islice(cycle(list(results)), asked.students)
        reports = ({**one, "student": f"student{n:04}"} for n, one in enumerate(dealt))
        started = time.perf_counter()
        publish(out, reports, Course(), (results.grader, results.isolation), print)
        seconds = time.perf_counter() - started
        pages = [path.stat().st_size for path in out.glob("feedback/*/*.html")]
        print(f"{asked.students} submissions: {seconds:.2f} s for everything")
        for name in ("index.html", "results.json", "results.csv"):
            print(f"{name:14}{(out / name).stat().st_size / 1e6:8.2f} MB")
        print(f"{'feedback':14}{sum(pages) / 1e6:8.2f} MB in {len(pages)} pages")


if __name__ == "__main__":
    main()
