"""Reference page -> student folder: the same page with the solutions taken out.

What an exercise asks for decides what is cut: the backward of a class, the body of a function. All
other text of the page reaches students as it stands. The cells carry nbgrader's metadata (schema
3), and markers around each stub tell it what a solution cell gives and what it asks for, so that a
course may also hand the folder out with nbgrader.
"""

from __future__ import annotations

import ast
import hashlib
import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import numeric, published
from grader.assignment import Assignment
from grader.errors import AuthorError
from grader.exercise import PUBLIC, Exercise, as_json
from grader.handout import FILE, SCHEMA
from grader.key import ExerciseKey
from grader.oracle import exercise_key
from grader.witness import has_forward

VERSION = 1
ROUNDING = 1e-7  # of answers near one, over a whole training run and many kinds of processor

# Between lines with the words BEGIN SOLUTION and END SOLUTION nbgrader puts its own stub. In a
# solution cell without them it leaves nothing but that, so forward would be lost.
STUB = (
    "# BEGIN SOLUTION: your code in place of the next line",
    "raise NotImplementedError",
    "# END SOLUTION",
)

_NUMBERS = re.compile(r"\[\n[-+.\deE,\s]+\]")  # no text holds a line break

# What students write of each kind of exercise; "" is the body of the function itself.
STUBS: Mapping[str, str] = {
    "layer": "backward",
    "cell": "backward",
    "chain": "backward",
    "loss": "backward",
    "network": "backward",
    "function": "",
    "functional": "",
    "gradients": "",
    "optimizer": "step",
    "training": "",
    "torch_function": "backward",
    "tensors": "",
    "autograd": "",
    "step": "",
    "operation": "backward",
    "unbroadcast": "",
    "order": "",
    "backpropagate": "",
    "zero_grad": "",
    "no_grad": "",
    "expressions": "",
}


@dataclass(frozen=True)
class Given:
    """A cell as students get it.

    role: "solution", "test", "read-only", or "given" for an exercise that is handed out whole,
        because what it is called with is to be judged: a training loop
    exercise: the one that it holds or checks
    runs: part of the page when that is imported; not so a figure or a check
    """

    kind: str
    source: str
    role: str = "read-only"
    exercise: Exercise | None = None
    runs: bool = True


def build(assignment: Assignment, folder: Path) -> None:
    """Write the student folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _files(assignment).items():
        (folder / name).write_bytes(content)


def stale(assignment: Assignment, folder: Path) -> list[str]:
    """Name the files in folder that differ from what build would write, or are not there.

    Published answers may differ by what another machine's arithmetic makes of them.
    """
    return [
        name
        for name, content in _files(assignment).items()
        if not (folder / name).is_file() or not _same(content, (folder / name).read_bytes(), name)
    ]


def _same(built: bytes, found: bytes, name: str) -> bool:
    if built == found or name != FILE:
        return built == found
    try:
        return _alike(json.loads(built), json.loads(found))
    except ValueError:
        return False


def _alike(one: object, other: object) -> bool:
    match one, other:
        case dict(), dict():
            return [*one] == [*other] and all(_alike(one[name], other[name]) for name in one)
        case list(), list():
            return len(one) == len(other) and all(map(_alike, one, other))
        case float(), float():
            return math.isclose(one, other, rel_tol=ROUNDING, abs_tol=ROUNDING)
    return type(one) is type(other) and one == other


def given_cells(assignment: Assignment) -> list[Given]:
    """The page without solutions, cell by cell.

    Raises:
        AuthorError: an exercise has no cell of its own, no body to take out or no check cell
    """
    exercises = {exercise.name: exercise for exercise in assignment.exercises}
    cells = [_given(assignment, exercises, *cell) for cell in _page(assignment.source)]
    for name, exercise in exercises.items():
        roles = [cell.role for cell in cells if cell.exercise is exercise]
        check = roles.count("test")
        for found, words in (
            (len(roles) - check, "a cell of its own"),
            (check, f"a cell check({name})"),
        ):
            if found != 1:
                raise AuthorError(
                    f"{assignment.path.name}: {name} needs {words}, once; found {found}."
                )
    return cells


def _page(source: str) -> Iterator[tuple[str, str, Collection[str]]]:
    """Kind, source and tags of every cell not tagged "grader"."""
    import jupytext  # type: ignore[import-untyped]

    for cell in jupytext.reads(source, fmt="py:percent").cells:
        tags = cell.metadata.get("tags", [])
        if "grader" not in tags:
            yield cell.cell_type, cell.source, tags


def _given(
    assignment: Assignment,
    exercises: Mapping[str, Exercise],
    kind: str,
    source: str,
    tags: Collection[str],
) -> Given:
    runs = "active-ipynb" not in tags  # importing the page runs it
    if kind != "code":
        return Given(kind, source, runs=False)
    for name, exercise in exercises.items():
        if source.strip() == f"check({name})":
            return Given(kind, source, "test", exercise, runs=False)
    statements = ast.parse(source).body if runs else []
    names = [name for node in statements if (name := getattr(node, "name", "")) in exercises]
    if not names:
        return Given(kind, source, runs=runs)
    exercise = exercises[names[0]]
    if len(statements) != 1:
        raise AuthorError(
            f"{assignment.path.name}: {exercise.name} must be alone in its cell, because students "
            f"hand that cell in. Move the other statements to another cell."
        )
    if "given" in tags:
        return Given(kind, source, "given", exercise)
    return Given(kind, _without_solution(source, statements[0], exercise), "solution", exercise)


def _without_solution(source: str, definition: ast.stmt, exercise: Exercise) -> str:
    """Replace the stub's body, its comments included, by lines that raise NotImplementedError."""
    stub = _stub(definition, exercise)
    if ast.get_docstring(stub) is None:
        raise AuthorError(
            f"{exercise.name}: give {stub.name} a docstring on lines of its own. It is what "
            f"students will find there."
        )
    lines, docstring = source.split("\n"), stub.body[0]
    end = stub.end_lineno or len(lines)
    while end < len(lines) and _belongs(lines[end:], docstring.col_offset):
        end += 1
    raising = [" " * docstring.col_offset + line for line in STUB]
    return "\n".join([*lines[: docstring.end_lineno], *raising, *lines[end:]])


def _stub(definition: ast.stmt, exercise: Exercise) -> ast.FunctionDef:
    wanted = STUBS[exercise.kind]
    inside = definition.body if wanted and isinstance(definition, ast.ClassDef) else [definition]
    for node in inside:
        if isinstance(node, ast.FunctionDef) and node.name == (wanted or exercise.name):
            return node
    raise AuthorError(f"{exercise.name}: the page does not define its {wanted or 'function'}.")


def _belongs(rest: list[str], indent: int) -> bool:
    """Whether the next lines are a comment that trails a body of this indentation."""
    following = next((line for line in rest if line.strip()), "")
    width = len(following) - len(following.lstrip())
    return following.lstrip().startswith("#") and width >= indent


def _files(assignment: Assignment) -> dict[str, bytes]:
    cells = given_cells(assignment)
    exercises = {
        "schema": SCHEMA,
        "slug": assignment.slug,
        "title": assignment.title,
        "exercises": [as_json(one) for one in _public(assignment)],
        "published": {key.exercise.name: published.as_json(key) for key in _keys(assignment)},
    }
    return {
        f"{assignment.slug}.ipynb": _notebook(assignment.slug, cells).encode(),
        FILE: _json(exercises).encode(),
        **{path.name: path.read_bytes() for path in _data(assignment)},
    }


def _json(content: Any) -> str:
    """Indented, each list of numbers on one line."""
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    return _NUMBERS.sub(lambda found: "".join(found[0].split()), text)


def _public(assignment: Assignment) -> list[Exercise]:
    return [published.exercise(exercise) for exercise in assignment.exercises]


def _keys(assignment: Assignment) -> Iterator[ExerciseKey]:
    """Of the public cases: without the reference wherever that is possible."""
    cells = [cell.source for cell in given_cells(assignment) if cell.runs]
    given = numeric.namespace(assignment.slug, cells)
    for exercise in _public(assignment):
        if has_forward(exercise.kind):
            yield numeric.exercise_key(given, exercise)
        else:
            yield exercise_key(assignment, exercise, PUBLIC)


def _data(assignment: Assignment) -> list[Path]:
    """Files that the page reads: those in the folder data beside it that begin with its name."""
    return sorted((assignment.path.parent / "data").glob(f"{assignment.slug}*.csv"))


def _notebook(slug: str, cells: list[Given]) -> str:
    import nbformat

    v4: Any = nbformat.v4
    new = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
    page = v4.new_notebook(
        metadata={
            "grader": {"assignment": slug, "version": VERSION},
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for place, cell in enumerate(cells, 1):
        name = _name(slug, place, cell)
        page.cells.append(new[cell.kind](cell.source, id=name, metadata=_metadata(name, cell)))
    nbformat.validate(page)
    return str(v4.writes(page)) + "\n"


def _name(slug: str, place: int, cell: Given) -> str:
    """The cell's id and grade_id."""
    if cell.exercise is None:
        return f"{slug}-{place:02}"
    return f"test_{cell.exercise.name}" if cell.role == "test" else cell.exercise.name


def _metadata(name: str, cell: Given) -> dict[str, Any]:
    is_test, is_solution = cell.role == "test", cell.role == "solution"
    points = {"points": cell.exercise.max_score} if is_test and cell.exercise else {}
    nbgrader = {
        "cell_type": cell.kind,
        "checksum": _checksum(name, cell, points.get("points")),
        "grade": is_test,
        "grade_id": name,
        "locked": not is_solution,
        "schema_version": 3,
        "solution": is_solution,
        "task": False,
    }
    frozen: dict[str, Any] = {"deletable": False} | ({} if is_solution else {"editable": False})
    if cell.kind == "code" and cell.role == "read-only" and not cell.runs:
        # A figure of what students write fails before they have; all cells below it shall run.
        frozen |= {"tags": ["raises-exception"]}
    return frozen | {"nbgrader": nbgrader | points}


def _checksum(name: str, cell: Given, points: int | None) -> str:
    """As nbgrader.utils.compute_checksum finds it."""
    flags = (points is not None, cell.role == "solution", cell.role != "solution")
    words = [cell.source, cell.kind, *map(str, flags), name]
    words += [] if points is None else [str(float(points))]
    return hashlib.md5("".join(words).encode(), usedforsecurity=False).hexdigest()
