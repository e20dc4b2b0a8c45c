"""A reference page as an importable thing: its exercises, and the names it defines.

Only the instructor's side comes here; grading itself works from the key.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.calls.record import variable_of
from grader.errors import AuthorError, MissingLibrary, UsageError
from grader.exercise import PUBLIC, Exercise, Variation
from grader.kinds import KINDS

CALLS = ("once", "twice", "between", "reused", "second")

_TITLE = re.compile(r"^# # (?P<title>.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Assignment:
    """One reference page.

    namespace: every name the page defines
    witnesses: for function exercises, the same answers found in another way
    """

    slug: str
    title: str
    exercises: tuple[Exercise, ...]
    namespace: Mapping[str, Any]
    witnesses: Mapping[str, Callable[..., Any]]
    path: Path
    source: str

    @property
    def max_score(self) -> int:
        return sum(exercise.max_score for exercise in self.exercises)


def find(root: Path) -> list[str]:
    """Name the assignments whose pages lie in the folder root."""
    return sorted(page.stem for page in root.glob("*.py") if not page.name.startswith("_"))


def exercise_names(path: Path) -> list[str]:
    """The exercises of a page as they are written there, without running it where that is enough.

    Raises:
        UsageError, AuthorError: as load does, where the names are not plainly written
    """
    try:
        page = ast.parse(path.read_text(encoding="utf-8")).body
    except SyntaxError:
        page = []
    names = [_written_name(call) for call in _listed(page)]
    defined = {one.name for one in page if isinstance(one, ast.ClassDef | ast.FunctionDef)}
    if names and all(name in defined for name in names):
        return [name for name in names if name]
    return [exercise.name for exercise in load(path).exercises]


def _listed(page: Sequence[ast.stmt]) -> list[ast.expr]:
    """What stands in EXERCISES: calls of Exercise, or of what makes one by the same name."""
    for one in page:
        match one:
            case ast.Assign(targets=[ast.Name(id="EXERCISES")], value=ast.Tuple(elts=listed)):
                return listed
    return []


def _written_name(call: ast.expr) -> str | None:
    if not isinstance(call, ast.Call):
        return None
    words = [word.value for word in call.keywords if word.arg == "name"]
    first = [*call.args, *words][:1]
    is_plain = first and isinstance(first[0], ast.Constant) and isinstance(first[0].value, str)
    return ast.literal_eval(first[0]) if is_plain else None


def load(path: Path) -> Assignment:
    """Run a page and take its exercises.

    Raises:
        UsageError: there is no such page
        AuthorError: the page cannot be run, or contradicts itself
    """
    if not path.is_file():
        known = ", ".join(find(path.parent)) or "none"
        raise UsageError(f"no reference page {path.name} in {path.parent}; there are: {known}")
    source = path.read_text(encoding="utf-8")
    namespace = _run(path, source)
    exercises = _exercises(path, namespace)
    witnesses = namespace.get("WITNESSES", {})
    _check_all(path, exercises, namespace, witnesses)
    title = _TITLE.search(source)
    if title is None:
        raise AuthorError(f'{path.name}: begin with a markdown cell that says "# # The title".')
    return Assignment(
        path.stem, title["title"].strip(), exercises, namespace, witnesses, path, source
    )


def _run(path: Path, source: str) -> Mapping[str, Any]:
    """Compiled here and not by the import system, whose cache misses edits within a second."""
    module = ModuleType(f"reference_{path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # a dataclass of the page looks itself up there
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)
    except ModuleNotFoundError as error:
        raise MissingLibrary(path.name, str(error.name)) from error
    except Exception as error:
        line = _line(path, error)
        raise AuthorError(f"{path.name}{line}: {type(error).__name__}: {error}") from error
    return module.__dict__


def _line(path: Path, error: Exception) -> str:
    """The line of the page where it happened, in words."""
    if isinstance(error, SyntaxError):
        return f" line {error.lineno}"
    lines, trace = [], error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    return f" line {lines[-1]}" if lines else ""


def _exercises(path: Path, namespace: Mapping[str, Any]) -> tuple[Exercise, ...]:
    exercises = namespace.get("EXERCISES")
    if exercises is None:
        raise AuthorError(
            f'{path.name}: EXERCISES is missing. End the page with a cell "# %% tags=["grader"]" '
            f"that sets EXERCISES to a tuple of Exercise."
        )
    if not isinstance(exercises, tuple) or not exercises:
        raise AuthorError(f"{path.name}: EXERCISES must be a tuple of Exercise and not empty.")
    if not all(isinstance(one, Exercise) for one in exercises):
        raise AuthorError(f"{path.name}: everything in EXERCISES must be an Exercise.")
    return exercises


def _check_all(
    path: Path,
    exercises: tuple[Exercise, ...],
    namespace: Mapping[str, Any],
    witnesses: Mapping[str, Any],
) -> None:
    names = [exercise.name for exercise in exercises]
    if twice := _repeated(names):
        raise AuthorError(f"{path.name}: {twice} is in EXERCISES twice. Remove one.")
    if unknown := set(witnesses) - set(names):
        raise AuthorError(f"{path.name}: WITNESSES names {min(unknown)}, which is no exercise.")
    for exercise in exercises:
        where = f"{path.name}: {exercise.name}"
        _check_name(where, exercise, namespace)
        _check_points(where, exercise)
        _check_variations(where, exercise)


def _check_name(where: str, exercise: Exercise, namespace: Mapping[str, Any]) -> None:
    if exercise.kind not in KINDS:
        raise AuthorError(f'{where}: no kind "{exercise.kind}"; there are: {", ".join(KINDS)}.')
    if exercise.name not in namespace:
        raise AuthorError(f"{where}: the page defines nothing of that name.")
    is_class = isinstance(namespace[exercise.name], type)
    if is_class != KINDS[exercise.kind].is_class:
        found = "a class" if is_class else "no class"
        raise AuthorError(f"{where}: kind is {exercise.kind}, but the page defines {found}.")


def _check_points(where: str, exercise: Exercise) -> None:
    if not exercise.points:
        raise AuthorError(f"{where}: points names no array. Give each array that is checked some.")
    for array, points in exercise.points.items():
        if not isinstance(points, int) or isinstance(points, bool) or points < 1:
            raise AuthorError(
                f"{where}: points of {array} are {points!r}. Make them a whole number above 0."
            )
        if KINDS[exercise.kind].value and not _is_answer(exercise, array):
            raise AuthorError(
                f"{where}: points are given for {array}, but there is no input or parameter "
                f"{array.removeprefix('d')}."
            )


def _is_answer(exercise: Exercise, array: str) -> bool:
    variables = {*exercise.inputs, *exercise.params, "upstream"}
    is_gradient = variable_of(array, variables) is not None
    return is_gradient or array in KINDS[exercise.kind].further


def _check_variations(where: str, exercise: Exercise) -> None:
    if twice := _repeated(variation.name for variation in exercise.variations):
        raise AuthorError(f'{where}: two variations are called "{twice}". Rename one.')
    for number, variation in enumerate(exercise.variations):
        _check_variation(f'{where}: variation "{variation.name}"', exercise, variation)
        try:
            exercise.case(number, PUBLIC)
        except KeyError as error:
            raise AuthorError(
                f'{where}: variation "{variation.name}": axis {error} has no size. Use an axis of '
                f"grader.exercise.SIZES, or give it a size in the variation."
            ) from error


def _check_variation(where: str, exercise: Exercise, variation: Variation) -> None:
    drawn = {*exercise.inputs, *exercise.params, *(["upstream"] if exercise.output else [])}
    if unknown := set(variation.draws) - drawn:
        raise AuthorError(f"{where}: draws {min(unknown)}, which the exercise does not have.")
    if variation.calls not in CALLS:
        raise AuthorError(f'{where}: no calls "{variation.calls}"; there are: {", ".join(CALLS)}.')


def _repeated(names: Iterable[str]) -> str | None:
    return next((name for name, count in Counter(names).items() if count > 1), None)
