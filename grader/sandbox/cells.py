"""From the cells of a notebook to the names that one exercise needs. Worker side only.

A notebook is not run: plots, training loops and calls of check() would cost minutes and prove
nothing. Every top-level statement is compiled once; for an exercise those are run, in notebook
order and in a fresh namespace, that bind its name or a name they need in turn, and those that set
something for all that follows. Which names a
statement binds and uses is read from its bytecode, so it is the compiler's own opinion.
"""

from __future__ import annotations
import __future__

import ast
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import CodeType, ModuleType
from typing import Any

from grader.sandbox import failure, magics, names

NOT_PARSED = (SyntaxError, ValueError, OverflowError, MemoryError, RecursionError)
_DEFINED = re.compile(r"^[ \t]*(?:class|def|async[ \t]+def)[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Statement:
    label: str
    code: CodeType
    defines: str  # the name of a def or class, else ""
    imports: bool
    names: names.Names


@dataclass(frozen=True)
class Broken:
    """A cell, or a statement, that is not Python."""

    label: str
    defines: frozenset[str]
    raised: failure.Raised


@dataclass
class Notebook:
    """What was read from the cells; filled once, then only looked at."""

    sources: dict[str, list[str]] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    flags: int = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@dataclass(frozen=True)
class Loaded:
    """names: the namespace in which an exercise is played
    failures: why a name is not in it, as far as a statement that binds it failed"""

    names: dict[str, Any]
    failures: dict[str, failure.Raised]
    notes: tuple[str, ...]


def read(cells: Iterable[tuple[str, str]]) -> Notebook:
    notebook = Notebook()
    for label, source in cells:
        notebook.sources[label] = source.split("\n")
        try:
            tree = _parse(notebook, label, source)
        except NOT_PARSED as error:
            _break(notebook, label, source, error)
            continue
        for node in tree.body:
            _add(notebook, label, source, node)
    notebook.statements[:] = _with_setters(notebook.statements)
    return notebook


def load(notebook: Notebook, exercise: str, needs: Sequence[str] = ()) -> Loaded:
    """Run what the exercise needs, and what further names do. Never raises, whatever the
    statements do."""
    module = ModuleType("__main__")
    sys.modules["__main__"] = module
    chosen = closure(notebook.statements, exercise, *needs)
    failures = _run(chosen, notebook, module.__dict__)
    definitions = [one.label for one in chosen if one.defines == exercise]
    unread = [one for one in notebook.broken if exercise in one.defines]
    if exercise not in module.__dict__ and unread:
        failures.setdefault(exercise, unread[-1].raised)
    notes = [*notebook.notes, *_twice(exercise, definitions)]
    if exercise in module.__dict__ and unread:
        notes.append(f"{unread[-1].label} defines {exercise} too, but cannot be read as Python")
    return Loaded(module.__dict__, failures, tuple(notes))


def closure(statements: Sequence[Statement], *wanted: str) -> list[Statement]:
    """The statements that bind the names, or touch them, or do so for a name that these need."""
    variables = {
        name for one in statements if not (one.imports or one.defines) for name in one.names.binds
    }
    defined = {one.defines for one in statements if one.defines}
    needed, chosen = set(wanted), set[int]()
    grows = True
    while grows:
        grows = False
        for at, one in enumerate(statements):
            if at not in chosen and _concerns(one.names, needed, variables, defined):
                chosen.add(at)
                needed |= one.names.uses
                grows = True
    return [statements[at] for at in sorted(chosen)]


def _concerns(one: names.Names, needed: set[str], variables: set[str], defined: set[str]) -> bool:
    called = one.calls & variables
    handed = one.hands & defined if one.to & defined else frozenset[str]()
    runs = one.has_star or (one.is_setting and not one.calls & variables)
    return runs or bool((one.binds | one.touches | called | handed) & needed)


def _parse(notebook: Notebook, label: str, source: str) -> ast.Module:
    try:
        tree: ast.Module = _compiled(source, label, notebook.flags | ast.PyCF_ONLY_AST)
    except NOT_PARSED:
        text, notes = magics.plain(label, source)
        notebook.notes += [note for note in notes if note not in notebook.notes]
        tree = _compiled(text, label, notebook.flags | ast.PyCF_ONLY_AST)
    return tree


def _compiled(source: str | ast.Module, label: str, flags: int) -> Any:
    return compile(source, label, "exec", flags, dont_inherit=True)


def _break(notebook: Notebook, label: str, text: str, error: BaseException) -> None:
    defined = frozenset(_DEFINED.findall(text))
    notebook.broken.append(Broken(label, defined, failure.raised(error, notebook.sources)))


def _add(notebook: Notebook, label: str, source: str, node: ast.stmt) -> None:
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        features = (getattr(__future__, alias.name, None) for alias in node.names)
        for feature in features:  # as in IPython, they hold for all cells that follow
            notebook.flags |= feature.compiler_flag if feature else 0
    try:
        code = _compiled(ast.Module([node], []), label, notebook.flags)
        found = names.of(code, node)
    except NOT_PARSED as error:
        lines = source.split("\n")[node.lineno - 1 : node.end_lineno]
        _break(notebook, label, "\n".join(lines), error)
        return
    is_definition = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    is_import = isinstance(node, ast.Import | ast.ImportFrom)
    defines = node.name if is_definition else ""  # type: ignore[attr-defined]
    notebook.statements.append(Statement(label, code, defines, is_import, found))


def _with_setters(statements: list[Statement]) -> list[Statement]:
    """A call of a function with `global x` or `x[...] = ` in it binds x; so does decorating."""
    setters = {one.defines: one.names.sets_globals for one in statements if one.defines}
    if not any(setters.values()):
        return statements
    return [_with_globals(one, setters) for one in statements]


def _with_globals(one: Statement, setters: dict[str, frozenset[str]]) -> Statement:
    used = one.names.decorators if one.defines else one.names.uses
    called = [setters[name] for name in used if name in setters]
    extended = names.extended(one.names, frozenset().union(*called))
    return Statement(one.label, one.code, one.defines, one.imports, extended)


def _run(
    chosen: list[Statement], notebook: Notebook, namespace: dict[str, Any]
) -> dict[str, failure.Raised]:
    """Run in order; what failed for want of a name that is bound further down is tried again."""
    failures: dict[str, failure.Raised] = {}
    waiting = chosen
    while waiting:
        again = []
        for at, one in enumerate(waiting):
            error = _execute(one.code, namespace)
            if _wants(error, waiting[at + 1 :]):
                again.append(one)
            _account(one, error, failures, namespace, notebook)
        if len(again) == len(waiting):
            break
        waiting = again
    return failures


def _execute(code: CodeType, namespace: dict[str, Any]) -> BaseException | None:
    try:
        coroutine = eval(code, namespace)
        while coroutine is not None:  # top-level await: nothing here ever waits for long
            coroutine.send(None)
    except StopIteration:
        return None
    except BaseException as error:
        return error
    return None


def _wants(error: BaseException | None, later: Sequence[Statement]) -> bool:
    wanted = error.name if isinstance(error, NameError) else None
    return wanted is not None and any(wanted in one.names.binds for one in later)


def _account(
    one: Statement,
    error: BaseException | None,
    failures: dict[str, failure.Raised],
    namespace: dict[str, Any],
    notebook: Notebook,
) -> None:
    for name in one.names.binds:
        failures.pop(name, None)
    if error is None:
        return
    namespace.pop(one.defines, None)  # an earlier definition is not what the student meant
    told = failure.raised(error, notebook.sources)
    failures.update(dict.fromkeys(one.names.binds, told))


def _twice(exercise: str, labels: list[str]) -> list[str]:
    if len(labels) < 2:  # noqa: PLR2004
        return []
    cells = list(dict.fromkeys(label.removeprefix("cell ") for label in labels))
    times = "twice" if len(labels) == 2 else f"{len(labels)} times"  # noqa: PLR2004
    place = f"cell {cells[0]}" if len(cells) == 1 else _listed(cells)
    return [f"{exercise} is defined {times} ({place}); the last definition counts"]


def _listed(cells: list[str]) -> str:
    return f"cells {', '.join(cells[:-1])} and {cells[-1]}"
