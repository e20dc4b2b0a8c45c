"""Every assignment of reference/: is it sharp, what does its key cost, how long does grading take?

    .venv/bin/python benchmarks/assignments.py [SLUG...] [--rounds 5] [--write]

Prints two tables in Markdown. --write puts them into docs/numbers.md, and the line of each
assignment into docs/SLUG.md, between the comments that mark the place.

A right hand-in is the student notebook with the reference's solutions, an empty one is the notebook
as it is handed out. In a wrong one every exercise is a mutant of the reference: the first that runs
to its end and is not right. Grading is timed in a sandbox that is open, the median of the rounds;
the key with all mutants is built once.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from grader.assignment import Assignment, find, load
from grader.audit import audit
from grader.exercise import PUBLIC, Exercise
from grader.key import Key
from grader.mistakes.catalogue import MISTAKES
from grader.mutants import mutants
from grader.notebook import read
from grader.oracle import reference_key
from grader.pipeline import grade
from grader.result import Audited, Report, Status
from grader.sandbox.host import Sandbox, sandbox
from grader.store import write as write_key
from grader.submission import find as find_submissions
from grader.suspects import with_suspects
from grader.template import build

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
SECRET = "benchmark"
CALM = 5.0  # seconds; what takes longer is timed once

AUDIT = (
    "| assignment | exercises | cases | mutants | killed | equivalent | survivors "
    "| key built in | key |\n|---|---|---|---|---|---|---|---|---|"
)
GRADING = "| assignment | right | wrong | empty |\n|---|---|---|---|"


@dataclass(frozen=True)
class Measured:
    """key_seconds: to build the key, all mutants included; grading: seconds by kind of hand-in"""

    slug: str
    rows: Sequence[Audited]
    exercises: int
    cases: int
    key_seconds: float
    key_bytes: int
    grading: Mapping[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slugs", nargs="*", metavar="SLUG", help="all, if none is given")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--write", action="store_true", help="into docs/, too")
    options = parser.parse_args()
    found = []
    with sandbox() as box, tempfile.TemporaryDirectory() as folder:
        box.self_test()
        for slug in options.slugs or find(ROOT / "reference"):
            page = load(ROOT / "reference" / f"{slug}.py")
            found.append(measured(page, box, Path(folder), options.rounds))
            print(audit_row(found[-1]), grading_row(found[-1]), sep="\n", flush=True)
    text = "\n".join([AUDIT, *map(audit_row, found), "", GRADING, *map(grading_row, found)])
    print(f"\n{text}")
    if options.write:
        write(found, text, whole=not options.slugs)


def measured(page: Assignment, box: Sandbox, folder: Path, rounds: int) -> Measured:
    start = time.perf_counter()
    key = with_suspects(reference_key(page, SECRET), page, box)
    seconds = time.perf_counter() - start
    stored = folder / f"{page.slug}-key.npz"
    write_key(key, stored)
    times = {
        kind: timed(notebook, kind, key, box, rounds)
        for kind, notebook in hand_ins(page, key, box, folder)
    }
    return Measured(
        *(page.slug, tuple(audit(page, PUBLIC, box)), len(page.exercises)),
        *(sum(len(one.cases) for one in key.exercises), seconds, stored.stat().st_size, times),
    )


def hand_ins(page: Assignment, key: Key, box: Sandbox, folder: Path) -> Iterator[tuple[str, Path]]:
    """The notebooks of three students: right, wrong and empty."""
    build(page, folder / page.slug)
    template = folder / page.slug / f"{page.slug}.ipynb"
    yield "right", filled(template, solutions(page), "right")
    wrong = {one.name: mutant(page, one, key, box, template) for one in page.exercises}
    yield "wrong", filled(template, wrong, "wrong")
    yield "empty", filled(template, {}, "empty")


def solutions(page: Assignment) -> dict[str, str]:
    """The cell of every exercise, as the reference has it."""
    names = {exercise.name for exercise in page.exercises}
    cells = [cell.source for cell in read(page.path).cells if cell.kind == "code"]
    return {
        node.name: source
        for source in cells
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name in names
    }


def filled(template: Path, cells: Mapping[str, str], name: str) -> Path:
    """The notebook with these cells in place of the stubs."""
    content = json.loads(template.read_text())
    for cell in content["cells"]:
        cell["source"] = cells.get(cell["id"], cell["source"])
    path = template.with_name(f"{name}.ipynb")
    path.write_text(json.dumps(content))
    return path


def mutant(page: Assignment, exercise: Exercise, key: Key, box: Sandbox, template: Path) -> str:
    """The first mutant of an exercise that runs to its end and is wrong."""
    alone = replace(key, exercises=tuple(k for k in key.exercises if k.exercise == exercise))
    for one in mutants(page.source, exercise.name, MISTAKES):
        source = re.sub(rf"\b{one.name}\b", exercise.name, one.source)
        path = filled(template, {**solutions(page), exercise.name: source}, "tried")
        (verdict,) = graded(path, alone, box).exercises
        if verdict.status in (Status.WRONG, Status.PARTIAL):
            return source
    raise SystemExit(f"{page.slug}: no mutant of {exercise.name} runs to its end and is wrong")


def graded(notebook: Path, key: Key, box: Sandbox) -> Report:
    known = {key.assignment: [one.exercise.name for one in key.exercises]}
    (submission,) = find_submissions([notebook], known, notebook.parent)
    return grade(submission, key, box).report


def timed(notebook: Path, kind: str, key: Key, box: Sandbox, rounds: int) -> float:
    """Median of the seconds that grading takes; the score must be that of the kind."""
    seconds: list[float] = []
    while len(seconds) < rounds and (not seconds or seconds[0] < CALM):
        report = graded(notebook, key, box)
        seconds.append(report.seconds)
    share = report.score / report.max_score
    wanted = {"right": share == 1, "wrong": share < 1, "empty": share == 0}[kind]
    if report.status != "graded" or not wanted:
        raise SystemExit(
            f"{key.assignment}: the {kind} hand-in got {report.score} of {report.max_score}"
        )
    return statistics.median(seconds)


def audit_row(one: Measured) -> str:
    made, alive = sum(row.mutants for row in one.rows), sum(row.equivalent for row in one.rows)
    survivors = sum(len(row.survivors) for row in one.rows)
    cells = [one.slug, one.exercises, one.cases, made, made - alive - survivors, alive, survivors]
    size = f"{one.key_bytes / 1e6:.1f} MB"
    return f"| {' | '.join(map(str, cells))} | {one.key_seconds:.0f} s | {size} |"


def grading_row(one: Measured) -> str:
    return f"| {one.slug} | {' | '.join(map(duration, one.grading.values()))} |"


def duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.0f} ms"


def write(found: Sequence[Measured], text: str, whole: bool) -> None:
    """The tables into docs/numbers.md, if they are whole; one line into each assignment's page."""
    if whole:
        put(DOCS / "numbers.md", text)
    for one in found:
        times = ", ".join(f"{kind} {duration(took)}" for kind, took in one.grading.items())
        built = f"The key is built once, in {one.key_seconds:.0f} s."
        put(DOCS / f"{one.slug}.md", f"Grading one hand-in takes: {times}. {built}")


def put(path: Path, text: str) -> None:
    if not path.exists():
        print(f"{path} does not exist; its figures are not written", file=sys.stderr)
        return
    before, begin, rest = path.read_text().partition("<!-- benchmarks/assignments.py -->")
    _, end, after = rest.partition("<!-- end -->")
    if not end:
        raise SystemExit(f"{path} has no place for the figures between the two comments")
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}")


if __name__ == "__main__":
    main()
