"""Right in some cases and wrong in others: what do they have in common?"""

import numpy as np
import pytest

from grader.exercise import Case
from grader.hypotheses.conditions import condition
from grader.hypotheses.seen import Seen


def column(*cases):
    """Pairs (is right, options) or triples with the shape of x."""
    return [seen(*case) for case in cases]


def seen(is_right, options, shape=(3, 2)):
    case = Case("case", ("dx",), {"x": np.ones(shape)}, options=options)
    return Seen(case, np.ones(2), 1.0, np.ones(2) if is_right else np.zeros(2))


def told(*cases):
    found = condition(column(*cases))
    return found and found.hints[2]


def test_an_option_that_decides_is_named_with_its_values():
    assert (
        told(
            *((True, {"stride": 1, "padding": padding}) for padding in (0, 0)),
            *((False, {"stride": 1, "padding": padding}) for padding in (1, 1, 2, 2)),
        )
        == "Right where padding is 0, wrong where it is 1 or 2."
    )


def test_an_argument_of_forward_counts_and_so_does_its_absence():
    evaluated = {"forward": {"training": False}}
    assert (
        told((True, {}), (True, {}), (False, evaluated), (False, evaluated))
        == "Right where training is not given, wrong where it is False."
    )


def test_of_an_array_only_its_presence_counts():
    masks = [{"forward": {"mask": [[True, bool(n)]]}} for n in range(2)]
    assert (
        told((True, {}), (True, {}), *((False, mask) for mask in masks))
        == "Right where mask is not given, wrong where it is given."
    )


def test_sides_that_differ_are_a_trait():
    assert (
        told(
            *((True, {"size": size}) for size in ((2, 2), (3, 3), (4, 4))),
            *((False, {"size": size}) for size in ((2, 3), (3, 2), (4, 2))),
        )
        == "Right where the two sides of size are the same, wrong where they are different."
    )


def test_an_axis_of_length_one_is_a_trait():
    assert (
        told(
            *((True, {}, (1, 2)), (True, {}, (1, 4)), (False, {}, (3, 2)), (False, {}, (5, 4))),
        )
        == "Right where axis 0 of x is 1 long, wrong where it is longer."
    )


@pytest.mark.parametrize(
    "cases",
    [
        [(True, {"p": 0}), (False, {"p": 1})],
        [(True, {"p": n}) if n % 2 else (False, {"p": n}) for n in range(6)],
        [(True, {"p": 0}), (False, {"p": 0}), (False, {"p": 1}), (True, {"p": 1})],
        [(False, {"p": 0}), (False, {"p": 0}), (False, {"p": 1}), (False, {"p": 1})],
        [(n < 2, {"p": n // 2, "q": n // 2, "r": n // 2}) for n in range(4)],
        [(n < 2, {"rng": n // 2}) for n in range(4)],
    ],
    ids=["too few", "a value each", "undecided", "always wrong", "too many fit", "random numbers"],
)
def test_where_the_evidence_is_thin_nothing_is_said(cases):
    assert told(*cases) is None
