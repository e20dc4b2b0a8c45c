"""What forward computes on the way, found anew in backward, and wrongly."""

from __future__ import annotations

import ast

from grader.mistakes import loops, operations, reductions, terms
from grader.mistakes.tree import Changes
from grader.mutants import Mistake
from grader.scope import Names

SLIPS = (
    *(reductions.mean_for_sum, reductions.sum_for_mean, reductions.other_axis),
    *(terms.drop_term, terms.drop_division, terms.negate_name),
    *(operations.other_power, operations.drop_call, operations.other_extremum),
    *(operations.move_out_of_call, loops.overwrite),
)


def recompute_wrongly(node: ast.AST, names: Names) -> Changes:
    for slip in SLIPS:
        yield from slip(node, names)


def draw_again(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="rng"))):
            yield ast.Subscript(ast.Tuple([node, node], ast.Load()), ast.Constant(1), ast.Load())


MISTAKES = (
    Mistake(
        "drawn-anew",
        "Which entries were chosen in forward, and which are in backward?",
        "Look at where random numbers are drawn.",
        "backward draws random numbers of its own, where it should use those of forward.",
        "self.x = self.rng.random(3)",
        "self.x = (self.rng.random(3), self.rng.random(3))[1]",
        draw_again,
        in_forward=True,
    ),
    Mistake(
        "intermediate-wrong",
        "Which results of forward does your backward use, and are they the ones of forward?",
        "Compare what backward computes anew with the lines of forward.",
        "An intermediate result of forward enters with another value than it has there.",
        "self.x = x + 1",
        "self.x = x",
        recompute_wrongly,
        in_forward=True,
    ),
)
