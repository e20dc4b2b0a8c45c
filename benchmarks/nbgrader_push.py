"""What pushing results into nbgrader's gradebook costs per student.

python benchmarks/nbgrader_push.py --from graded --students 200 --assignment layers
"""

import argparse
import time
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.export.formats import write
from grader.results import read, write_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="folder", type=Path, default=Path("graded"))
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--assignment", default="layers")
    asked = parser.parse_args()
    results = read(asked.folder)
    graded = [one for one in results if one["status"] == "graded"]
    first = [one for one in graded if one["assignment"] == asked.assignment]
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        times = {}
        for count, what in (
            (1, "a new database"),
            (asked.students, "new"),
            (asked.students, "again"),
        ):
            reports = (
                {**one, "student": f"student{n:04}"}
                for n, one in enumerate(islice(cycle(first), count))
            )
            write_json(folder / "results.json", reports, results.grader, results.isolation)
            started = time.perf_counter()
            list(write("nbgrader", folder, folder, None))
            times[what] = time.perf_counter() - started
        exercises = len(first[0]["exercises"])
    print(f"a new database with one student: {times.pop('a new database'):.2f} s")
    for what, seconds in times.items():
        each = 1000 * seconds / asked.students
        print(f"{asked.students} students, {exercises} exercises, {what}: {each:.1f} ms each")


if __name__ == "__main__":
    main()
