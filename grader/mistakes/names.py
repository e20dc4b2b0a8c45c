"""One array in place of another."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from itertools import permutations

from grader.mistakes.tree import TWICE, Changes, arrays, everywhere, expr, loads, renamed
from grader.mutants import Mistake
from grader.scope import Names

MOST_PARTS = 4  # to be permuted


def other_name(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Name(ctx=ast.Load()) | ast.Attribute(value=ast.Name(id="self"), ctx=ast.Load()):
            if (text := ast.unparse(node)) in names:
                yield from (expr(other) for other in names.like(text, arrays(names)))
        case ast.Return(value=ast.expr() as value):
            for other in names.like(ast.unparse(value), arrays(names)):
                yield ast.Return(expr(other))


def other_name_everywhere(node: ast.AST, names: Names) -> Changes:
    """The whole formula written with another array, as when forward kept the wrong one."""
    if isinstance(node, ast.Module):
        read = loads(node)
        for name in arrays(names):
            for other in names.like(name, arrays(names)) if name in read else ():
                yield renamed(node, name, other)


def apply_twice(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Name() as function, args=[_]):
            yield ast.Call(function, [node], [])
    if isinstance(node, ast.Module) and TWICE in names:
        for name in arrays(names):
            yield renamed(node, name, TWICE)


def prediction_for_target(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[*first, last]), ctx=context):
            predictions = [f"{name}.argmax(axis=-1)" for name in arrays(names)]
            for text in names.like(ast.unparse(last), predictions):
                predicted = ast.Tuple([*first, expr(text)], ast.Load())
                yield ast.Subscript(value, predicted, context)


def swap_parts(node: ast.AST, _names: Names) -> Changes:
    """Parts of a list, of what is joined or of what is returned, in another order."""
    match node:
        case ast.Call(func=function, args=[ast.List() | ast.Tuple() as parts, *others]):
            for other in _permuted(parts):
                yield ast.Call(function, [other, *others], node.keywords)
        case ast.Return(value=ast.Tuple() as parts):
            yield from (ast.Return(other) for other in _permuted(parts))


def _permuted(parts: ast.List | ast.Tuple) -> Iterator[ast.expr]:
    if len(parts.elts) <= MOST_PARTS:
        for order in permutations(parts.elts):
            yield type(parts)(list(order), ast.Load())


def swap_names(node: ast.AST, names: Names) -> Changes:
    """Two alike names, each where the other belongs, in one statement or everywhere."""
    if not isinstance(node, ast.Module | ast.stmt):
        return
    read = sorted(loads(node) & set(arrays(names)))
    for number, name in enumerate(read):
        for other in names.like(name, read[number + 1 :]):
            pair = {name: expr(other), other: expr(name)}
            yield everywhere(node, lambda one, pair=pair: _exchanged(one, pair))  # type: ignore[misc]


def _exchanged(one: ast.AST, pair: Mapping[str, ast.expr]) -> ast.expr | None:
    is_read = isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Load)
    return pair.get(ast.unparse(one)) if is_read else None


MISTAKES = (
    Mistake(
        "applied-twice",
        "Does your cache hold the input of the activation, or its result already?",
        "Look at where the activation is applied in backward.",
        "The activation is applied to its own result.",
        "dx = self.y * (1 - self.y)",
        "dx = self.kept_twice * (1 - self.kept_twice)",
        apply_twice,
    ),
    Mistake(
        "another-array",
        "Did forward keep its input or its output, and which of them does the formula speak of?",
        "Check each name in the formula: is it the array that you think it is?",
        "Another array stands where one of the formula's arrays belongs.",
        "dx = upstream * self.y",
        "dx = upstream * self.x",
        other_name,
    ),
    Mistake(
        "another-array-throughout",
        "Did forward keep its input or its output, and which of them does the formula speak of?",
        "Check the array from which the slope is computed.",
        "The formula is evaluated with another array than the one it speaks of.",
        "dx = self.y * (1 - self.y)",
        "dx = self.x * (1 - self.x)",
        other_name_everywhere,
    ),
    Mistake(
        "prediction-for-target",
        "Which class is meant: the true one, or the one that the network prefers?",
        "Look at the index of the class.",
        "The predicted class stands where the true one belongs.",
        "dx = self.x[rows, t]",
        "dx = self.x[rows, self.x.argmax(axis=-1)]",
        prediction_for_target,
    ),
    Mistake(
        "parts-in-wrong-order",
        "In which order are the parts that you join or return?",
        "Compare the order of your parts with the order in forward, or in the text.",
        "The parts are right, but stand in another order.",
        "return dx, dh",
        "return (dh, dx)",
        swap_parts,
    ),
    Mistake(
        "names-exchanged",
        "Which is which of the things that look alike?",
        "Look at the names in your line that could stand for each other.",
        "Two names stand each in the place of the other.",
        "dx = upstream * self.x - self.y",
        "dx = upstream * self.y - self.x",
        swap_names,
    ),
)
