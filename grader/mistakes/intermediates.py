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


MISTAKES = (
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
