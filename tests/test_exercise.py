import json

import numpy as np
import pytest

from grader.exercise import (
    BETWEEN,
    OTHER_SIZES,
    PUBLIC,
    SIZES,
    TWICE,
    Exercise,
    Integers,
    Uniform,
    Variation,
    as_json,
    from_json,
)

AFFINE = Exercise(
    name="Affine",
    kind="layer",
    points={"dx": 2, "dW": 2},
    inputs={"x": Uniform("batch inputs")},
    params={"W": Uniform("inputs units")},
    output=Uniform("batch units"),
    options={"slope": 0.1},
    variations=(
        Variation("random values"),
        Variation("one", {"batch": 1}, {"x": Uniform("batch inputs", 100, 101)}, {"slope": 0.3}),
        TWICE,
        BETWEEN,
    ),
)


def test_a_case_is_the_same_whenever_it_is_drawn():
    first, again = AFFINE.case(0, PUBLIC), AFFINE.case(0, PUBLIC)
    assert (first.inputs["x"] == again.inputs["x"]).all()
    assert (first.params["W"] == again.params["W"]).all()
    assert (first.upstream == again.upstream).all()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(AFFINE.case(0, "another secret"), id="secret"),
        pytest.param(AFFINE.case(0, PUBLIC, attempt=1), id="attempt"),
        pytest.param(AFFINE.case(2, PUBLIC), id="variation"),
    ],
)
def test_numbers_differ_where_they_should(other):
    assert not np.isclose(AFFINE.case(0, PUBLIC).inputs["x"], other.inputs["x"]).any()


def test_a_variation_changes_sizes_draws_and_options():
    case = AFFINE.case(1, PUBLIC)
    assert case.name == "case 2 (one)"
    assert case.inputs["x"].shape == (1, 4)
    assert (case.inputs["x"] >= 100).all()
    assert case.options == {"slope": 0.3}


def test_only_cases_with_a_second_call_draw_inputs_for_it():
    assert AFFINE.case(0, PUBLIC).others == {}
    assert AFFINE.case(3, PUBLIC).others["x"].shape == (5, 4)


@pytest.mark.parametrize("sizes", [SIZES, OTHER_SIZES], ids=["usual", "other"])
def test_no_two_axes_share_a_size(sizes):
    assert len(set(sizes.values())) == len(sizes)
    assert 1 not in sizes.values()


def test_integers_stay_below_the_size_of_an_axis():
    drawn = Integers("batch", "classes").sample(
        np.random.default_rng(0), {"batch": 99, "classes": 3}
    )
    assert set(drawn) == {0, 1, 2}


def test_an_exercise_survives_the_way_through_json():
    assert from_json(json.loads(json.dumps(as_json(AFFINE)))) == AFFINE
