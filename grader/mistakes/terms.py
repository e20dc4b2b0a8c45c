"""Signs, terms and factors that are missing or there twice."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from itertools import combinations

from grader.mistakes.tree import Changes, arrays, context, expr, is_load
from grader.mutants import Mistake
from grader.scope import Names

MOST_TERMS = 4  # of which any several may be missing


def _flip_sign(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield ast.BinOp(right, ast.Sub(), left)
            yield ast.BinOp(left, ast.Add(), right)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield ast.BinOp(left, ast.Sub(), right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.AugAssign(target=target, op=ast.Add(), value=value):
            yield ast.AugAssign(target, ast.Sub(), value)
        case ast.AugAssign(target=target, op=ast.Sub(), value=value):
            yield ast.AugAssign(target, ast.Add(), value)
        case ast.Return(value=ast.expr() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
        case ast.Assign(targets=targets, value=value):
            yield ast.Assign(targets, ast.UnaryOp(ast.USub(), value))


def drop_term(node: ast.AST, _names: Names) -> Changes:
    """Any of the terms, and any several of a few."""
    terms = _terms(node)
    if len(terms) > MOST_TERMS:
        terms = []
    for count in range(len(terms) - 1, 0, -1):
        yield from (_sum(kept) for kept in combinations(terms, count))


def _terms(node: ast.AST) -> list[ast.expr]:
    """The terms of a sum or difference with their signs; none where there is only one."""
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return [*(_terms(left) or [left]), right]
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return [*(_terms(left) or [left]), ast.UnaryOp(ast.USub(), right)]
    return []


def _sum(terms: Sequence[ast.expr]) -> ast.expr:
    total, *others = terms
    for one in others:
        is_negative = isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub)
        if isinstance(one, ast.UnaryOp) and is_negative:
            total = ast.BinOp(total, ast.Sub(), one.operand)
        else:
            total = ast.BinOp(total, ast.Add(), one)
    return total


def drop_factor(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield left
            yield right


def drop_division(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Div()):
            yield left


def _square_for_factor(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield ast.BinOp(node, ast.Mult(), right)
            yield ast.BinOp(node, ast.Mult(), left)
        case ast.BinOp(op=ast.Div(), right=right):
            yield ast.BinOp(node, ast.Div(), right)


def negate_name(node: ast.AST, names: Names) -> Changes:
    yield from _flip_sign(node, names)
    if is_load(node, names):
        yield expr(f"-{ast.unparse(node)}")


def square_name(node: ast.AST, names: Names) -> Changes:
    yield from _square_for_factor(node, names)
    if is_load(node, names):
        yield expr(f"{ast.unparse(node)} ** 2")


def absolute_value(node: ast.AST, names: Names) -> Changes:
    if isinstance(node, ast.expr) and isinstance(context(node), ast.Load):
        if ast.unparse(node) not in arrays(names):
            return
        yield ast.Call(expr("np.abs"), [node], [])


def apply_factor_late(node: ast.AST, _names: Names) -> Changes:
    """A factor that should enter at the beginning multiplies the result."""
    if not isinstance(node, ast.Module):
        return
    for number, statement in enumerate(node.body):
        match statement, node.body[-1]:
            case (
                ast.Assign(
                    targets=[ast.Name()] as targets,
                    value=ast.BinOp(left=left, op=ast.Mult(), right=right),
                ),
                ast.Return(value=ast.expr() as value),
            ):
                middle = node.body[number + 1 : -1]
                for kept, factor in ((left, right), (right, left)):
                    late = ast.Return(ast.BinOp(value, ast.Mult(), factor))
                    begun = ast.Assign(targets, kept)
                    yield ast.Module([*node.body[:number], begun, *middle, late], [])


def drop_statement(node: ast.AST, _names: Names) -> Changes:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.For | ast.If):
        yield None


MISTAKES = (
    Mistake(
        "statement-missing",
        "Is every step of the derivation there?",
        "Go through the formula line by line.",
        "A step was left out.",
        "p[rows, y] -= 1",
        "",
        drop_statement,
    ),
    Mistake(
        "sign-flipped",
        "Which way does the output move when the input grows a little?",
        "Look at the signs.",
        "A sign is the wrong way round.",
        "dx = p - y",
        "dx = y - p",
        negate_name,
    ),
    Mistake(
        "factor-missing",
        "The chain rule multiplies: is every link of the chain there?",
        "Count the factors of your product against the links of the chain.",
        "One factor of a product is missing.",
        "dx = upstream * slope",
        "dx = upstream",
        drop_factor,
    ),
    Mistake(
        "division-missing",
        "What is averaged in forward, and by what is it divided?",
        "Look at what should be divided.",
        "A division is missing.",
        "dx = diff / n",
        "dx = diff",
        drop_division,
    ),
    Mistake(
        "factor-too-late",
        "Which of your steps should see this factor already?",
        "Follow each factor: where does it enter, and which lines come before?",
        "A factor enters at the end that belongs at the beginning.",
        "g = x * self.y\ndx = g - g.sum()\nreturn dx",
        "g = x\ndx = g - g.sum()\nreturn dx * self.y",
        apply_factor_late,
    ),
    Mistake(
        "factor-twice",
        "The chain rule multiplies: is a link of the chain there twice?",
        "Count the factors of your product against the links of the chain.",
        "One factor of a product is there twice.",
        "dx = upstream * slope",
        "dx = upstream * slope * slope",
        square_name,
    ),
    Mistake(
        "term-missing",
        "How many ways lead from this input to the output?",
        "Count the terms of your sum against the ways in which the input has an effect.",
        "A term of a sum is missing, or several are.",
        "dx = a + b",
        "dx = a",
        drop_term,
    ),
    Mistake(
        "sign-lost",
        "Over- and undershooting should push in opposite directions: do they?",
        "Look for an absolute value.",
        "The sign of an array is lost.",
        "dx = 2 * self.x",
        "dx = 2 * np.abs(self.x)",
        absolute_value,
    ),
)
