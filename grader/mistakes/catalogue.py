"""The catalogue of mistakes, most telling first: when two rules give the same arrays, the first
names them.

An entry is its rule, its words and an example that is its test. Hints are questions and places,
never the formula. Source of the selection: errors seen in public hand-ins and forum threads of
deep-learning courses.
"""

from __future__ import annotations

from grader.mistakes import (
    gates,
    indices,
    intermediates,
    loops,
    memory,
    names,
    operations,
    products,
    reductions,
    terms,
)

MISTAKES = (
    *products.MISTAKES,
    *reductions.MISTAKES,
    *memory.MISTAKES,
    *loops.MISTAKES,
    *indices.MISTAKES,
    *gates.MISTAKES,
    *terms.MISTAKES,
    *names.MISTAKES,
    *operations.MISTAKES,
    *intermediates.MISTAKES,
)
