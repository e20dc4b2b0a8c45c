"""Mistakes students make, as changes to the reference: one mistake, made once, anywhere it fits.

A Mistake is a rule on syntax trees with the words for the student who made it. mutants() applies
every rule at every place of a stub's body. Which of the results compute something else, and what,
is found by running them on the cases (suspects.py). Nothing here knows an exercise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

Names = Sequence[str]  # expressions that a student may write in each other's place
Change = Callable[[ast.AST, Names], Iterator[ast.AST | None]]  # None drops the node
Definition = ast.ClassDef | ast.FunctionDef


@dataclass(frozen=True)
class Mistake:
    """A misconception: change must be able to turn before into after; a test holds it to that.

    nudge, place and nature are the three levels of its hint: a question, where to look, and what
    kind of mistake it is. None of them says what the right formula is.
    """

    name: str
    nudge: str
    place: str
    nature: str
    before: str
    after: str
    change: Change


@dataclass(frozen=True)
class Mutant:
    """A definition of the reference with one mistake in it, under a name of its own.

    line: of the reference page
    before, after: the changed expression or statement
    """

    name: str
    mistake: Mistake
    line: int
    before: str
    after: str
    source: str


def mutants(page: str, name: str, mistakes: Sequence[Mistake]) -> Iterator[Mutant]:
    """Yield the page's definition of name with each mistake at each place of its stub.

    Two rules that lead to the same text give one mutant, named by the first.
    """
    definition = _definition(page, name)
    stub = _stub(definition)
    if isinstance(definition, ast.ClassDef):
        _keep_forward(definition)
    names = _names(definition, stub)
    seen = {ast.unparse(definition)}
    for mistake in mistakes:
        for place in list(_places(stub)):
            for replacement in mistake.change(place.node, names):
                text = _replaced(definition, place, replacement)
                if text not in seen:
                    seen.add(text)
                    new = f"{name}_{len(seen)}"
                    before = ast.unparse(place.node)
                    after = ast.unparse(replacement) if replacement else ""
                    renamed = _renamed(text, new)
                    yield Mutant(new, mistake, place.line, before, after, renamed)


def _definition(page: str, name: str) -> Definition:
    return next(
        deepcopy(node)
        for node in ast.parse(page).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name
    )


def _stub(definition: Definition) -> ast.FunctionDef:
    if isinstance(definition, ast.FunctionDef):
        return definition
    return next(
        node
        for node in definition.body
        if isinstance(node, ast.FunctionDef) and node.name in ("backward", "step")
    )


def _keep_forward(definition: ast.ClassDef) -> None:
    """Let forward remember what a student's may keep: its arguments, its result, and the result
    of applying it twice, where that can be done."""
    for method in list(definition.body):
        if isinstance(method, ast.FunctionDef) and method.name == "forward":
            arguments = [one.arg for one in method.args.args[1:]]
            method.name = "plain_forward"
            definition.body += ast.parse(
                _FORWARD.format(
                    signature=ast.unparse(method.args),
                    arguments=", ".join(arguments),
                    others=", ".join(f"self.kept_{one}" for one in arguments[1:]),
                    keep="; ".join(f"self.kept_{one} = {one}" for one in arguments),
                )
            ).body


_FORWARD = """
def forward({signature}):
    {keep}
    vars(self).pop("kept_twice", None)
    self.kept_out = self.plain_forward({arguments})
    return self.kept_out

def __getattr__(self, name):
    if name != "kept_twice":
        raise AttributeError(name)
    again = __import__("copy").deepcopy(self)
    self.kept_twice = again.plain_forward(self.kept_out, {others})
    return self.kept_twice
"""


def _names(definition: Definition, stub: ast.FunctionDef) -> Names:
    arguments = [one.arg for one in stub.args.args if one.arg != "self"]
    stored = [
        node.id
        for node in ast.walk(stub)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    attributes = [
        ast.unparse(node)
        for node in ast.walk(definition)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and node.attr != stub.name
    ]
    defaults = [
        ast.unparse(default)
        for node in ast.walk(definition)
        if isinstance(node, ast.FunctionDef)
        for default in node.args.defaults
        if isinstance(default, ast.Constant) and isinstance(default.value, float)
    ]
    return sorted({*arguments, *stored, *attributes, *defaults} - {"self.plain_forward"})


@dataclass(frozen=True)
class _Place:
    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    line: int


def _places(stub: ast.FunctionDef) -> Iterator[_Place]:
    """The body as a whole, then every statement and expression in it, without the docstring."""
    statements = [node for node in stub.body if not _is_docstring(node)]
    body = ast.Module(statements, [])
    yield _Place(stub, "body", None, body, stub.lineno)
    for statement in statements:
        yield _Place(stub, "body", stub.body.index(statement), statement, statement.lineno)
        yield from _inside(statement)


def _inside(node: ast.AST) -> Iterator[_Place]:
    for field, value in ast.iter_fields(node):
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if isinstance(child, ast.expr | ast.stmt):
                yield _Place(node, field, index, child, child.lineno)
                yield from _inside(child)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _replaced(definition: Definition, place: _Place, replacement: ast.AST | None) -> str:
    """The definition's text with one node exchanged; the tree is as before afterwards."""
    old = getattr(place.parent, place.field)
    if replacement:
        ast.fix_missing_locations(replacement)
    setattr(place.parent, place.field, _exchanged(old, place.index, replacement))
    try:
        return ast.unparse(definition)
    finally:
        setattr(place.parent, place.field, old)


def _exchanged(old: Any, index: int | None, replacement: ast.AST | None) -> Any:
    if isinstance(replacement, ast.Module):
        return replacement.body
    if index is None:
        return replacement
    middle = [replacement] if replacement else []
    return [*old[:index], *middle, *old[index + 1 :]] or [ast.Pass()]


def _renamed(text: str, name: str) -> str:
    """The definition, as ast.unparse writes it, under another name."""
    return re.sub(r"^(class|def) \w+", rf"\1 {name}", text, count=1, flags=re.MULTILINE)
