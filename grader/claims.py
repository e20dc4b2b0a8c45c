"""Scores as students' CI claims them, beside the official ones.

A student can change everything in their own repository, what its CI reports included. So a claim
is compared and never believed, and a file that cannot be read is no claim. Known are:

    result.json    of Classroom 50, one per checkout; results.json beside it holds old ones too
    scores.csv     that its download puts beside the checkouts
    grades.csv     of GitHub Classroom
    results.csv, results.json    of this grader, where named
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.errors import UsageError

NAMES = ("result.json", "scores.csv", "grades.csv")  # others only where they are asked for by name
MAX_BYTES = 10 << 20
TOLERANCE = 1e-9  # points are sums of floats

# The names of a column, by who writes it; the first that a row has is taken.
STUDENT = ("student", "owner", "username", "github_username")
ASSIGNMENT = ("assignment", "assignment_name")
SCORE = ("score", "points_awarded")
MAX_SCORE = ("max_score", "max-score", "points_available")


@dataclass(frozen=True)
class Claim:
    """assignment: as the platform calls it; "" where the file does not say"""

    student: str
    assignment: str
    score: float
    max_score: float


@dataclass(frozen=True)
class Difference:
    """claimed, official: points, None where there are none"""

    student: str
    assignment: str
    claimed: float | None
    official: float | None
    kind: str  # "claims more", "claims less", "no claim", "not graded"


def compare(graded: Path, claimed: Path) -> list[Difference]:
    """Where the two differ, by student.

    graded: the folder that grader run wrote, or its results.json
    claimed: one of the files above, or a folder somewhere in which they are

    Raises:
        UsageError: one of the two is not there, or the official one cannot be read
    """
    official = _official(graded)
    if not claimed.exists():
        raise UsageError(f"no {claimed}; give a file of scores or the folder of the checkouts")
    files = [path for path in _files(claimed) if path.resolve() != _results(graded).resolve()]
    claims = [one for path in files for one in _claims(path)]
    if not claims:
        raise UsageError(f"no scores in {claimed}; there should be {' or '.join(NAMES)}")
    return sorted(_differences(official, claims), key=lambda one: (one.student, one.assignment))


def _results(graded: Path) -> Path:
    return graded / "results.json" if graded.is_dir() else graded


def _official(graded: Path) -> list[Claim]:
    path = _results(graded)
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["submissions"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{path} cannot be read as the result of grader run ({type(error).__name__})"
        ) from error
    return [claim for row in rows if row["status"] == "graded" and (claim := _claim(row))]


def _files(place: Path) -> Iterator[Path]:
    if place.is_file():
        yield place
        return
    for name in NAMES:
        yield from sorted(path for path in place.rglob(name) if not path.is_symlink())


def _claims(path: Path) -> Iterator[Claim]:
    try:
        if path.stat().st_size > MAX_BYTES:
            return
        text = path.read_text(encoding="utf-8-sig")
        rows = (
            _json_rows(text) if path.suffix == ".json" else list(csv.DictReader(text.split("\n")))
        )
    except (OSError, ValueError, csv.Error, RecursionError):
        return
    yield from (claim for row in rows if (claim := _claim(row)))


def _json_rows(text: str) -> Sequence[Any]:
    content = json.loads(text)
    rows = content.get("submissions", [content]) if isinstance(content, dict) else []
    return rows if isinstance(rows, list) else []


def _claim(row: Any) -> Claim | None:
    """None for what is no score."""
    if not isinstance(row, Mapping):
        return None
    values = [_first(row, names) for names in (STUDENT, ASSIGNMENT, SCORE, MAX_SCORE)]
    try:
        student, assignment = str(values[0] or ""), str(values[1] or "")
        claim = Claim(student, assignment, float(values[2]), float(values[3]))
    except (TypeError, ValueError, OverflowError):
        return None
    return claim if student and math.isfinite(claim.score + claim.max_score) else None


def _first(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((row[name] for name in names if name in row), None)


def _differences(official: Sequence[Claim], claims: Sequence[Claim]) -> Iterator[Difference]:
    used = set()
    for one in official:
        claim = _belonging(one, official, claims)
        if claim is None:
            yield Difference(one.student, one.assignment, None, one.score, "no claim")
            continue
        used.add(claim)
        if abs(claim.score - one.score) > TOLERANCE:
            kind = "claims more" if claim.score > one.score else "claims less"
            yield Difference(one.student, one.assignment, claim.score, one.score, kind)
    for claim in dict.fromkeys(claims):
        if claim not in used and not _known(claim, official, claims):
            yield Difference(claim.student, claim.assignment, claim.score, None, "not graded")


def _belonging(one: Claim, official: Sequence[Claim], claims: Sequence[Claim]) -> Claim | None:
    """The student's highest claim for it. Platforms have names of their own for assignments, which
    matters only where a student has several."""
    theirs = [claim for claim in claims if claim.student.lower() == one.student.lower()]
    several = sum(other.student == one.student for other in official) > 1
    named = [claim for claim in theirs if claim.assignment == one.assignment]
    fitting = named or ([] if several else theirs)
    return max(fitting, key=lambda claim: claim.score, default=None)


def _known(claim: Claim, official: Sequence[Claim], claims: Sequence[Claim]) -> bool:
    """It was compared already, as the lower of two claims for the same work."""
    theirs = [one for one in official if one.student.lower() == claim.student.lower()]
    best = [_belonging(one, official, claims) for one in theirs]
    return any(other and other.score >= claim.score for other in best) and len(theirs) == 1


def table(differences: Sequence[Difference]) -> str:
    """For a person. Students choose names, so what does not print is left out of them."""
    if not differences:
        return "Every claimed score is the official one.\n"
    rows = [("student", "assignment", "claimed", "official", "")]
    rows += [
        (one.student, one.assignment or "?", _points(one.claimed), _points(one.official), one.kind)
        for one in differences
    ]
    rows = [tuple(_plain(cell) for cell in row) for row in rows]  # type: ignore[misc]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
    return "\n".join(lines) + "\n"


def _points(score: float | None) -> str:
    return "-" if score is None else f"{score:g}"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
