import numpy as np
import pytest

from grader.compare import compare
from grader.key import Expected
from grader.result import Returned

WANT = np.array([[1.0, -2.0], [0.5, 4.0], [3.0, 0.25]])


def only(want, got, size=None, **more):
    expected = {"dW": Expected(want, np.abs(want).max() if size is None else size)}
    (comparison,) = compare(expected, Returned({"dW": got}, **more))
    return comparison


@pytest.mark.parametrize(
    ("got", "problem", "says"),
    [
        pytest.param(WANT.T, "wrong shape", "yours has shape (2, 3), expected (3, 2)", id="shape"),
        pytest.param(WANT.T, "wrong shape", "transpose of what is expected", id="transpose"),
        pytest.param(WANT[None], "wrong shape", "the numbers are right, an axis", id="kept axis"),
        pytest.param(WANT / 5, "wrong values", "all entries are 0.2 times expected", id="factor"),
        pytest.param(-WANT, "wrong values", "every entry has the wrong sign", id="sign"),
        pytest.param(0 * WANT, "wrong values", "all entries are 0", id="zero"),
        pytest.param(WANT + np.eye(3, 2), "wrong values", "at [0, 0] yours 2", id="first entry"),
        pytest.param(WANT + np.eye(3, 2), "wrong values", "(2 of 6 entries)", id="how many"),
        pytest.param(WANT * np.nan, "not finite", "at [0, 0] yours nan, expected 1", id="nan"),
        pytest.param(WANT * np.inf, "not finite", "yours inf", id="inf"),
    ],
)
def test_a_difference_is_named_and_located(got, problem, says):
    comparison = only(WANT, got)
    assert (comparison.correct, comparison.problem) == (False, problem)
    assert says in comparison.detail


def test_of_huge_numbers_no_factor_is_told(recwarn):
    comparison = only(WANT, np.full_like(WANT, np.finfo(float).max))
    assert comparison.problem == "wrong values"
    assert comparison.relative_error is None or np.isfinite(comparison.relative_error)
    assert "times expected" not in comparison.detail
    assert not only(np.full(3, 1e-3), np.full(3, 1.7e308)).relative_error
    assert not recwarn


def test_an_array_that_was_never_set_is_missing():
    (comparison,) = compare({"dW": Expected(WANT, 4.0)}, Returned({}))
    assert (comparison.problem, comparison.detail) == ("missing", "never computed")


def test_none_asks_for_the_return():
    (comparison,) = compare({"dx": Expected(WANT, 4.0)}, Returned({}, {"dx": "None"}))
    assert comparison.problem == "missing"
    assert "return" in comparison.detail


def test_what_is_no_array_says_what_it_is():
    (comparison,) = compare({"dx": Expected(WANT, 4.0)}, Returned({}, {"dx": "a str"}))
    assert (comparison.problem, comparison.detail) == ("not an array", "yours is a str")


@pytest.mark.parametrize(
    "got",
    [
        pytest.param(WANT.astype(np.float32), id="float32"),
        pytest.param(np.asfortranarray(WANT), id="Fortran order"),
        pytest.param(WANT * (1 + 1e-9), id="rounding"),
    ],
)
def test_a_right_answer_is_right_in_any_dress(got):
    assert only(WANT, got).correct


def test_integers_are_numbers():
    assert only(np.array([1.0, 2.0]), np.array([1, 2])).correct


def test_a_matrix_may_keep_the_axis_that_it_cannot_drop():
    want, row = np.array([1.0, 2.0]), np.array([[1.0, 2.0]])
    assert only(want, row, matrices=frozenset({"dW"})).correct
    assert not only(want, row).correct


def test_rounding_error_where_zero_is_expected_is_no_difference():
    assert only(np.zeros(2), np.array([1e-12, 0.0]), size=1.0).correct


def test_zeros_are_no_answer_where_the_gradient_is_small():
    want = np.array([3e-9, -2e-9])
    assert not only(want, 0 * want).correct


def test_a_tiny_gradient_is_not_excused_by_a_size_of_its_own():
    want = np.array([3e-9, -2e-9])
    assert not only(want, 1.5 * want).correct


def test_an_answer_good_to_seven_digits_is_right_but_inexact():
    assert only(WANT, WANT * (1 + 3e-8)).inexact
    assert not only(WANT, WANT * (1 + 1e-15)).inexact


def test_an_answer_too_large_for_float64_is_not_finite():
    assert only(WANT, np.full(WANT.shape, np.longdouble("1e4000"))).problem == "not finite"
