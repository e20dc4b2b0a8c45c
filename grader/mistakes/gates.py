"""Conditions: comparisons, masks and branches."""

from __future__ import annotations

import ast

import numpy as np

from grader.mistakes.tree import Changes, arrays, expr, is_load
from grader.mutants import Mistake
from grader.scope import Names


def default_for_parameter(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Load()):
            yield from (expr(name) for name in names if not name[0].isalpha())


def value_for_gate(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Compare(left=left):
            yield left
            yield from (expr(name) for name in names.like(ast.unparse(left), arrays(names)))
        case ast.Call(func=ast.Attribute(attr="where"), args=[_, _, _]):
            yield from (expr(name) for name in arrays(names))


def sign_for_gate(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left):
            yield ast.Call(expr("np.sign"), [left], [])
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, _]):
            yield ast.Call(node.func, [condition, a, ast.Constant(-1.0)], [])


def no_gate(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left):
            yield ast.Compare(left, [ast.Eq()], [left])


def value_for_slope(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, b]):
            for name in arrays(names):
                yield ast.Call(node.func, [condition, expr(name), b], [])
                yield ast.Call(node.func, [condition, a, expr(name)], [])
                if name != ast.unparse(b):
                    scaled = ast.BinOp(b, ast.Mult(), expr(name))
                    yield ast.Call(node.func, [condition, a, scaled], [])


def flip_comparison(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left, ops=[ast.Gt() | ast.GtE()], comparators=right):
            yield ast.Compare(left, [ast.LtE()], right)
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=right):
            yield ast.Compare(left, [ast.GtE()], right)
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=right):
            yield ast.Compare(left, [ast.NotEq()], right)


def swap_branches(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, b]):
            yield ast.Call(node.func, [condition, b, a], [])


def no_branch(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, b]):
            yield a
            yield b
            yield ast.Call(node.func, [condition, a, ast.Constant(0.0)], [])
            yield ast.Call(node.func, [condition, ast.Constant(1.0), b], [])
            yield ast.Call(node.func, [condition, a, a], [])
            yield ast.Call(node.func, [condition, b, b], [])


def ignore_condition(node: ast.AST, _names: Names) -> Changes:
    """What one case asks for, done in all cases."""
    match node:
        case ast.If(body=body, orelse=others):
            yield ast.Module(body, [])
            yield ast.Module(others, []) if others else None
        case ast.IfExp(body=one, orelse=other):
            yield one
            yield other


def invert_condition(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.If(test=test, body=body, orelse=others):
            yield ast.If(_not(test), body, others)
        case ast.IfExp(test=test, body=one, orelse=other):
            yield ast.IfExp(_not(test), one, other)
    if is_load(node, names) and _is_mask(names.value(ast.unparse(node))):
        yield expr(f"~{ast.unparse(node)}")


def _is_mask(value: object) -> bool:
    return isinstance(value, np.ndarray) and value.dtype == np.bool_


def _not(test: ast.expr) -> ast.expr:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return operand
    return ast.UnaryOp(ast.Not(), test)


MISTAKES = (
    Mistake(
        "parameter-hard-coded",
        "Does your answer change when the parameter does?",
        "Look for a number that should be the parameter.",
        "A fixed number stands where a parameter of the constructor belongs.",
        "dx = upstream * self.slope",
        "dx = upstream * 0.01",
        default_for_parameter,
    ),
    Mistake(
        "comparison-flipped",
        "Which entries does the function let through?",
        "Look at the comparison that decides which entries count.",
        "The comparison is the wrong way round.",
        "dx = upstream * (x > 0)",
        "dx = upstream * (x <= 0)",
        flip_comparison,
    ),
    Mistake(
        "branches-swapped",
        "Which branch belongs to which side?",
        "Look at the two values between which a condition chooses.",
        "The two branches of the condition are exchanged.",
        "dx = np.where(x > 0, a, b)",
        "dx = np.where(x > 0, b, a)",
        swap_branches,
    ),
    Mistake(
        "branch-wrong",
        "What is the slope on each side?",
        "Look at the two values between which a condition chooses.",
        "One of the two sides has the wrong value.",
        "dx = np.where(x > 0, 1, s)",
        "dx = 1",
        no_branch,
    ),
    Mistake(
        "value-for-gate",
        "The gate lets through or blocks; does it also scale?",
        "Look at what you multiply by: is it 0 or 1?",
        "A value stands where only 0 or 1 belongs.",
        "dx = upstream * (self.x > 0)",
        "dx = upstream * self.x",
        value_for_gate,
    ),
    Mistake(
        "sign-for-gate",
        "Which values may the slope have?",
        "Look at what you multiply by where the gate is shut.",
        "The slope is -1 where it should be 0.",
        "dx = upstream * (self.x > 0)",
        "dx = upstream * np.sign(self.x)",
        sign_for_gate,
    ),
    Mistake(
        "gate-missing",
        "Do all entries count?",
        "Look for the condition that decides which entries count.",
        "Entries are counted that the condition should leave out.",
        "dx = upstream * (self.x > 0)",
        "dx = upstream * (self.x == self.x)",
        no_gate,
    ),
    Mistake(
        "value-for-slope",
        "What is the derivative of a straight line through the origin?",
        "Look at the two values between which a condition chooses.",
        "The value of the function stands where its slope belongs.",
        "dx = np.where(self.x > 0, 1, s)",
        "dx = np.where(self.x > 0, self.x, s)",
        value_for_slope,
    ),
    Mistake(
        "case-ignored",
        "Does the same rule hold in every mode and for every input?",
        "Look for the cases that the text tells apart, and for where your code does so.",
        "A distinction of cases is missing: one case is treated like the other.",
        "if self.x:\n    dx = upstream\nelse:\n    dx = 0",
        "dx = upstream",
        ignore_condition,
    ),
    Mistake(
        "case-inverted",
        "Which case is which?",
        "Look at your condition, or at your mask: when is it true?",
        "A condition or a mask is the wrong way round.",
        "if self.x:\n    dx = upstream\nelse:\n    dx = 0",
        "if not self.x:\n    dx = upstream\nelse:\n    dx = 0",
        invert_condition,
    ),
)
