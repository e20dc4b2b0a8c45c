"""Pages that open from disk: feedback for one submission, and the report on the class.

No script and nothing from outside; everything that students wrote is escaped. The templates say
how things look and this module compiles them, once per process. Nothing is computed here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from grader.report import grids
from grader.report.curves import MAX_CURVES, draw
from grader.report.plots import pictures
from grader.result import Grid, Learned, Map
from grader.summary import Row, Summary
from grader.visible import visible

PAGES = "feedback"
MARK = "grader-page"  # how the mark of a page of feedback begins
TEMPLATES = Path(__file__).parent / "templates"
GLYPHS = {
    "correct": "✓",
    "partial": "◐",
    "wrong": "✗",
    "missing": "○",
    "stopped": "■",
    "ungraded": "?",
}

MAX_NAME_BYTES = 80
STATEMENTS = "; "  # between those of an example that a finding shows
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))]
)


def feedback(report: Mapping[str, Any], isolation: str) -> str:
    """What one student reads about one submission.

    report: the fields of a Report, as in results.json
    """
    mark = mark_of(report, isolation)
    return _template("feedback.html").render(report=report, isolation=isolation, mark=mark)


def mark_of(report: Mapping[str, Any], isolation: str) -> str:
    """A digest of all that decides a page of feedback, which the page bears near its beginning."""
    told = json.dumps([report, isolation], sort_keys=True)
    return f"{MARK} {hashlib.sha256(_package() + told.encode()).hexdigest()}"


@cache
def _package() -> bytes:
    """A digest of all that decides how pages look."""
    files = sorted(path for path in Path(__file__).parent.rglob("*") if path.is_file())
    texts = (path.read_bytes() for path in files if path.suffix != ".pyc")
    return hashlib.sha256(b"".join(texts)).digest()


def index(summary: Summary) -> Iterator[str]:
    """The report on the class, piece by piece."""
    script = (TEMPLATES / "index.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return _template("index.html").generate(
        summary=summary,
        isolation=summary.isolation,
        script=Markup(script),  # ours
        script_digest=digest,
    )


def fragment(name: str, **values: object) -> str:
    """What a template of this package makes, for a page that is not ours."""
    return _template(name).render(**values)


def page_of(student: str, assignment: str) -> Path:
    """Where the feedback lies within the output folder. No two students share a page."""
    return Path(PAGES, _safe(student), f"{_safe(assignment or 'unknown')}.html")


def _safe(name: str) -> str:
    """A file name on every system: letters and digits of any alphabet, and a few signs.

    A name that had to be changed gets a digest of what it was, so that two never become one.
    """
    normal = unicodedata.normalize("NFC", name)
    kept = "".join(one if one.isalnum() or one in "-_." else "_" for one in normal).strip(".")
    cut = kept.encode("utf-8", "ignore")[:MAX_NAME_BYTES].decode("utf-8", "ignore")
    if cut and cut == name and cut.split(".")[0].lower() not in _RESERVED:
        return cut
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{cut}-{digest}" if cut else digest


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_seen,
    )
    environment.globals |= {"glyphs": GLYPHS, "max_curves": MAX_CURVES}
    environment.filters |= {
        **{"code": _code, "curves": _curves, "drawn": _drawn, "duration": _duration},
        **{"given": _given, "href": _href, "marked": _marked, "moment": _moment, "number": _number},
        **{"grid": _grid, "in_words": _in_words, "page": _page, "states": _states},
    }
    return environment


def _seen(value: object) -> object:
    """Every text that a template sets; what is Markup has been through this before."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)


def _code(text: str) -> Markup:
    """Set in code what stands between two backticks, several statements on a line each."""
    text = visible(text)
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escape(text)
    for place in range(1, len(parts), 2):
        if STATEMENTS in parts[place]:  # what comes next begins a line
            parts[place + 1] = parts[place + 1].lstrip(":., ")
    pieces = (_in_code(part) if place % 2 else escape(part) for place, part in enumerate(parts))
    return Markup("").join(pieces)


def _in_code(part: str) -> Markup:
    if STATEMENTS not in part:
        return Markup("<code>{}</code>").format(part)
    return Markup('<code class="block">{}</code>').format(part.replace(STATEMENTS, "\n"))


def _href(row: Row) -> str:
    return quote(page_of(row.student, row.assignment).as_posix(), errors="replace")


def _curves(curves: Sequence[Sequence[float]], steps: Sequence[int], title: str) -> Markup:
    return Markup(draw(curves, steps, visible(title)))  # escaped where it is set


def _page(student: str, assignment: str) -> str:
    return quote(page_of(student, assignment).as_posix(), errors="replace")


def _marked(lines: Sequence[tuple[str, bool]]) -> list[int]:
    return [number for number, (_, is_marked) in enumerate(lines, 1) if is_marked]


def _states(row: Row) -> str:
    """All words by which a row can be filtered."""
    words = [row.status, *dict.fromkeys(status for _, status in row.verdicts)]
    words += ["late"] if row.days_late else []
    words += ["full marks"] if row.max_score and row.final_score >= row.max_score else []
    return "|".join(words)


def _given(overrides: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Points that a person gave, by exercise."""
    return {one["exercise"]: one["points"] for one in overrides}


def _duration(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    days, hours = minutes // 1440, minutes % 1440 // 60
    parts = ((days, "day"), (hours, "hour"), (minutes % 60 if not days else 0, "minute"))
    return " ".join(f"{n} {word}{'s' if n != 1 else ''}" for n, word in parts if n)


def _moment(text: str) -> str:
    return text.replace("T", " ", 1)


def _number(value: float) -> str:
    return f"{value:g}"


def _drawn(told: Learned | Mapping[str, Any]) -> list[tuple[Markup, str]]:
    """Pictures of a training run, each with its caption."""
    learned = told if isinstance(told, Learned) else _learned(told)
    return [(Markup(picture), caption) for picture, caption in pictures(learned)]


def _grid(told: Mapping[str, Any], name: str) -> Markup:
    return Markup(grids.draw(_as_grid(told), visible(name)))  # escaped where it is set


def _in_words(told: Mapping[str, Any]) -> str:
    return grids.in_words(_as_grid(told))


def _as_grid(told: Mapping[str, Any]) -> Grid:
    """As it was before it was written as JSON."""
    rows, wrong = tuple(told["rows"]), told["wrong"]
    return Grid(tuple(told["shape"]), tuple(told["cell"]), rows, wrong)


def _learned(told: Mapping[str, Any]) -> Learned:
    """As it was before it was written as JSON."""
    names = ("before", "after", "latent")
    maps = {name: Map(**told[name]) if told.get(name) else None for name in names}
    return Learned(**{**told, **maps})
