"""How many of the wrong answers that were written blindly get a name, and how it was found.

    .venv/bin/python benchmarks/blind.py

The sets are those of tests/blind, where the tests hold each name to be true. "exact": one mistake
explains every array in every case; "likely": the evidence fits. A mutant is the reference with one
mistake in it; a hypothesis knows no exercise. Times are of a processor, for the diagnosis alone.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from conftest import SECRET  # noqa: E402
from test_diagnose import FOLDER, GIVEN, cells, exercise_of  # noqa: E402

from grader.assignment import load  # noqa: E402
from grader.diagnose import diagnose  # noqa: E402
from grader.judge import judge  # noqa: E402
from grader.key import Key  # noqa: E402
from grader.mistakes.catalogue import MISTAKES  # noqa: E402
from grader.oracle import reference_key  # noqa: E402
from grader.sandbox.host import Sandbox, sandbox  # noqa: E402
from grader.suspects import with_suspects  # noqa: E402

SETS = {"blind": "first", "second": "second", "third": "third", "fourth": "fourth"}
CATALOGUE = {one.name for one in MISTAKES}
COLUMNS = ("wrong", "named", "exact", "likely", "by a mutant", "by a hypothesis", "doubtful")


def main() -> None:
    rows: dict[tuple[str, str], Counter[str]] = {}
    seconds: list[float] = []
    with sandbox() as box:
        keys = {slug: _key(slug, box) for slug in {path.stem for path in FOLDER.rglob("*.py")}}
        for cell in cells():
            (slug, name), true, source = cell.values
            if true == ["right"]:
                continue
            row = rows.setdefault((SETS[str(cell.id).split("-")[0]], slug), Counter())
            key = exercise_of(keys[slug], name)
            (reply,) = box.play([("cell 1", GIVEN + source)], [key.request])
            verdict = judge(key, reply)
            started = time.process_time()
            found = diagnose(key, reply, verdict).diagnosis
            seconds.append(time.process_time() - started)
            row["wrong"] += 1
            if found:
                row["doubtful"] += "doubtful" in true
                by = CATALOGUE & set(found.mistake.split(" and "))
                row.update(["named", found.certainty, "by a mutant" if by else "by a hypothesis"])
    _print(rows)
    seconds.sort()
    middle, late = seconds[len(seconds) // 2], seconds[len(seconds) * 9 // 10]
    print(f"\ndiagnosis: median {middle * 1e3:.1f} ms, nine of ten below {late * 1e3:.1f} ms")


def _key(slug: str, box: Sandbox) -> Key:
    page = load(ROOT / "reference" / f"{slug}.py")
    return with_suspects(reference_key(page, SECRET), page, box)


def _print(rows: dict[tuple[str, str], Counter[str]]) -> None:
    print(f"| set | assignment | {' | '.join(COLUMNS)} |")
    print(f"|{'---|' * (len(COLUMNS) + 2)}")
    for of in dict.fromkeys(of for of, _ in rows):
        total: Counter[str] = Counter()
        for (which, slug), row in rows.items():
            if which == of:
                total += row
                print(f"| {of} | {slug} | {' | '.join(str(row[one]) for one in COLUMNS)} |")
        share = f"{total['named']} ({total['named'] / total['wrong']:.0%})"
        rest = " | ".join(str(total[one]) for one in COLUMNS[2:])
        print(f"| {of} | all | {total['wrong']} | {share} | {rest} |")


if __name__ == "__main__":
    main()
