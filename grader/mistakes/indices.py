"""Indices and slices."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader.mistakes.tree import Changes, expr, is_load
from grader.mutants import Mistake
from grader.scope import Names

PICTURE_AXES = 2


def index_off_by_one(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Subscript(value=value, slice=ast.BinOp() | ast.Name() as last, ctx=context):
            for step in (1, -1):
                moved = ast.BinOp(last, ast.Sub(), ast.Constant(step))
                yield ast.Subscript(value, moved, context)
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[*first, last]), ctx=context):
            for step in (1, -1):
                moved = ast.BinOp(last, ast.Sub(), ast.Constant(step))
                yield ast.Subscript(value, ast.Tuple([*first, moved], ast.Load()), context)


def columns_for_pairs(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[rows, columns]), ctx=context):
            if not isinstance(rows, ast.Slice):
                every = ast.Tuple([ast.Slice(), columns], ast.Load())
                yield ast.Subscript(value, every, context)


def drop_index(node: ast.AST, _names: Names) -> Changes:
    """The whole array where a part of it is meant."""
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple() | ast.Slice(), ctx=ast.Load()):
            yield value


def other_slice(node: ast.AST, _names: Names) -> Changes:
    """All slices with two ends of an index cut in another way."""
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=parts), ctx=context):
            for cut in CUTS:
                elements = [cut(part) if _has_ends(part) else part for part in parts]
                yield ast.Subscript(value, ast.Tuple(elements, ast.Load()), context)


def _has_ends(part: ast.expr) -> bool:
    return isinstance(part, ast.Slice) and part.lower is not None and part.upper is not None


CUTS: Sequence[Callable[[Any], ast.expr]] = (
    lambda part: ast.Slice(part.lower, ast.UnaryOp(ast.USub(), part.lower)),
    lambda part: ast.Slice(None, part.upper),
    lambda part: ast.Slice(part.lower, None),
    lambda part: ast.Slice(ast.Constant(1), ast.Constant(-1)),
    lambda part: ast.Slice(None, ast.BinOp(part.upper, ast.Sub(), part.lower)),
)


def swap_axes_of_index(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=parts), ctx=context):
            for at in range(len(parts) - 1):
                swapped = [*parts[:at], parts[at + 1], parts[at], *parts[at + 2 :]]
                yield ast.Subscript(value, ast.Tuple(swapped, ast.Load()), context)


def fixed_index(node: ast.AST, _names: Names) -> Changes:
    """The first or the last, whatever the step of the loop."""
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=parts), ctx=context):
            for at, part in enumerate(parts):
                for other in ("0", "-1") if isinstance(part, ast.Name | ast.BinOp) else ():
                    fixed = [*parts[:at], expr(other), *parts[at + 1 :]]
                    yield ast.Subscript(value, ast.Tuple(fixed, ast.Load()), context)


def turn_around(node: ast.AST, names: Names) -> Changes:
    """An array with its entries in reverse order along the last axis, or along the last two."""
    if is_load(node, names) and isinstance(node, ast.Name | ast.Attribute):
        text = ast.unparse(node)
        axes = np.ndim(names.value(text)) if isinstance(names.value(text), np.ndarray) else 0
        if axes:
            yield expr(f"{text}[..., ::-1]")
        if axes >= PICTURE_AXES:
            yield expr(f"{text}[..., ::-1, ::-1]")
            yield expr(f"{text}.swapaxes(-1, -2)")


MISTAKES = (
    Mistake(
        "columns-for-pairs",
        "How many entries should change per row?",
        "Look at the index with which you pick entries.",
        "Whole columns are changed where one entry per row is meant.",
        "p[np.arange(n), y] -= 1",
        "p[:, y] -= 1",
        columns_for_pairs,
    ),
    Mistake(
        "index-off-by-one",
        "Which entry does your index pick?",
        "Look at the index with which you pick entries.",
        "An index is off by one.",
        "p[rows, y] -= 1",
        "p[rows, y - 1] -= 1",
        index_off_by_one,
    ),
    Mistake(
        "index-missing",
        "Is it the whole array that is meant, or a part of it?",
        "Look at where you should cut something out, or off.",
        "The whole array stands where a part of it is meant.",
        "dx = self.y[:, 1:5]",
        "dx = self.y",
        drop_index,
    ),
    Mistake(
        "slice-wrong",
        "Where does your slice begin and where does it end? Try a padding of 0, of 1, of 2.",
        "Look at both ends of your slices.",
        "A slice has another end than it should.",
        "dx = self.y[:, 1:5]",
        "dx = self.y[:, :5]",
        other_slice,
    ),
    Mistake(
        "axes-of-index-swapped",
        "Which axis does each part of your index belong to?",
        "Look at the order of the parts of your index.",
        "Two parts of an index are exchanged.",
        "dx = self.y[rows, columns]",
        "dx = self.y[columns, rows]",
        swap_axes_of_index,
    ),
    Mistake(
        "index-fixed",
        "Does your index move with the loop?",
        "Look at the index with which you pick entries.",
        "An index stays at the first or the last entry.",
        "dx = self.y[:, t]",
        "dx = self.y[:, 0]",
        fixed_index,
    ),
    Mistake(
        "turned-around",
        "Which entry of one array meets which entry of the other?",
        "Follow one entry from input to output and back.",
        "An array is used back to front, or with its axes exchanged.",
        "dx = self.x",
        "dx = self.x[..., ::-1]",
        turn_around,
    ),
)
