"""What the rules share: small things on syntax trees.

A rule is given one node and the names that may stand in each other's place; it yields what a
student may have written there instead. None leaves the node out.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any, TypeVar, cast

from grader.scope import Names

Changes = Iterator[ast.AST | None]
Tree = TypeVar("Tree", bound=ast.AST)

TWICE = "self.kept_twice"  # what forward gives for its own result; see mutants.py


def expr(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def context(node: ast.AST) -> ast.expr_context | None:
    return getattr(node, "ctx", None)


def arrays(names: Names) -> list[str]:
    return [name for name in names if name[0].isalpha() and name != TWICE]


def is_load(node: ast.AST, names: Names) -> bool:
    """Say whether the node reads one of the names."""
    is_name = isinstance(node, ast.expr) and isinstance(context(node), ast.Load)
    return is_name and ast.unparse(node) in arrays(names)


def loads(node: ast.AST) -> set[str]:
    """The text of every variable and attribute that is read."""
    return {
        ast.unparse(one)
        for one in ast.walk(node)
        if isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Load)
    }


def everywhere(node: Tree, change: Callable[[ast.AST], ast.AST | None]) -> Tree:
    """The tree with every node exchanged for which change has another; what is exchanged is not
    entered. Nodes without a change below them are shared with the old tree."""
    return cast(Tree, _exchanged(node, change))


def _exchanged(node: ast.AST, change: Callable[[ast.AST], ast.AST | None]) -> ast.AST:
    if changed := change(node):
        return changed
    fields: dict[str, Any] = {}
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.AST):
            fields[field] = _exchanged(value, change)
        elif isinstance(value, list):
            fields[field] = [
                _exchanged(one, change) if isinstance(one, ast.AST) else one for one in value
            ]
    if not any(_differ(getattr(node, field), new) for field, new in fields.items()):
        return node
    made = copy(node)
    for field, new in fields.items():
        setattr(made, field, new)
    return made


def _differ(old: Any, new: Any) -> bool:
    if isinstance(old, list):
        return any(a is not b for a, b in zip(old, new, strict=True))
    return old is not new


def renamed(node: Tree, name: str, other: str) -> Tree:
    """A copy of the tree that reads other wherever it read name."""

    def change(one: ast.AST) -> ast.AST | None:
        is_read = isinstance(one, ast.Name | ast.Attribute | ast.Constant)
        is_it = is_read and ast.unparse(one) == name
        return expr(other) if is_it and not isinstance(context(one), ast.Store) else None

    return everywhere(node, change)
