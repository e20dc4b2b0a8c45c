"""The gradient that comes in, and matrix products with it."""

from __future__ import annotations

import ast

from grader.mistakes.tree import Changes, expr, renamed
from grader.mutants import Mistake
from grader.scope import Names


def ignore_upstream(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Name(id="upstream", ctx=ast.Load()):
            yield expr("np.ones_like(upstream)")
        case ast.Module():
            yield renamed(node, "upstream", "np.ones_like(upstream)")


def drop_transpose(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Attribute(value=value, attr="T"):
            yield value
        case ast.Call(func=ast.Attribute(value=value, attr="swapaxes" | "transpose")):
            yield value


def reshape_for_transpose(node: ast.AST, _names: Names) -> Changes:
    match node:
        case (
            ast.Attribute(value=value, attr="T")
            | ast.Call(func=ast.Attribute(value=value, attr="swapaxes" | "transpose"))
        ):
            yield expr(f"{ast.unparse(value)}.reshape({ast.unparse(node)}.shape)")


def add_transpose(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult() as op, right=right):
            yield ast.BinOp(ast.Attribute(left, "T", ast.Load()), op, right)
            yield ast.BinOp(left, op, ast.Attribute(right, "T", ast.Load()))


def swap_factors(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult() as op, right=right):
            yield ast.BinOp(right, op, left)


def elementwise(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            yield ast.BinOp(left, ast.Mult(), right)


def product_of_sums(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            a, b = ast.unparse(left), ast.unparse(right)
            yield expr(f"({a}).sum(axis=-1, keepdims=True) * ({b}).sum(axis=0)")


MISTAKES = (
    Mistake(
        "upstream-ignored",
        "Double the upstream gradient: does your answer double?",
        "Follow upstream through your lines: which result never meets it?",
        "The local derivative alone was computed; the gradient that comes in was left out.",
        "dx = upstream * slope",
        "dx = np.ones_like(upstream) * slope",
        ignore_upstream,
    ),
    Mistake(
        "transpose-missing",
        "Write the shapes next to each other: which product has the shape that is wanted?",
        "Look at the matrix product and at the order of the axes of its factors.",
        "A factor of the matrix product lacks its transpose.",
        "dW = x.T @ upstream",
        "dW = x @ upstream",
        drop_transpose,
    ),
    Mistake(
        "reshaped-for-transposed",
        "Follow a single entry: in which row does it stand before, and in which after?",
        "Look at how rows become columns.",
        "An array gets the shape of its transpose, but its entries keep their order.",
        "dx = upstream @ W.T",
        "dx = upstream @ W.reshape(W.T.shape)",
        reshape_for_transpose,
    ),
    Mistake(
        "transpose-added",
        "Write the shapes next to each other: which product has the shape that is wanted?",
        "Look at the matrix product and at the order of the axes of its factors.",
        "A factor of the matrix product is transposed that should not be.",
        "dx = upstream @ W",
        "dx = upstream.T @ W",
        add_transpose,
    ),
    Mistake(
        "factors-swapped",
        "Which factor of a matrix product decides the number of rows?",
        "Look at the order of the two factors of the matrix product.",
        "The two factors of the matrix product are in the wrong order.",
        "dW = x @ upstream",
        "dW = upstream @ x",
        swap_factors,
    ),
    Mistake(
        "elementwise-for-matrix-product",
        "Does every row of one factor meet every column of the other?",
        "Look at the operator between the two factors.",
        "An elementwise product stands where a matrix product belongs.",
        "dW = x @ upstream",
        "dW = x * upstream",
        elementwise,
    ),
    Mistake(
        "product-of-sums",
        "Which comes first, the product or the sum?",
        "Look at what you add up before you multiply.",
        "Sums are multiplied, where products should be added up.",
        "dW = x @ upstream",
        "dW = x.sum(axis=-1, keepdims=True) * upstream.sum(axis=0)",
        product_of_sums,
    ),
)
