"""All hypotheses about one array, in the order in which they are believed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.hypotheses import factors, parts, shapes, values
from grader.hypotheses.conditions import condition
from grader.hypotheses.exchanges import argument, involved
from grader.hypotheses.seen import Explanation, Seen

EXPLAIN = (
    *(values.overflow, shapes.transpose, shapes.kept_axis, factors.factor),
    *(shapes.reduced, shapes.flipped, shapes.rearranged, values.rounded, argument, involved),
    *(values.clipped, values.whole_numbers),
)
DESCRIBE = (
    *(factors.constant, parts.part, values.transformed, parts.label, condition),
    factors.varying,
    *(parts.along_an_axis, parts.left_zero, parts.not_zero, factors.along_axes),
    *(factors.shifted, parts.right_in_total, values.nearly),
)


def explanations(column: Sequence[Seen]) -> Iterator[Explanation]:
    """Yield what explains every entry of all cases, the most telling first."""
    for hypothesis in EXPLAIN:
        if found := hypothesis(column):
            yield found


def descriptions(column: Sequence[Seen]) -> Iterator[Explanation]:
    """Yield what describes the wrong entries without explaining them."""
    for hypothesis in DESCRIBE:
        if found := hypothesis(column):
            yield found
