import numpy as np
import pytest

from grader.derivative import gradient, has_kink, jacobian

X = np.random.default_rng(7).uniform(-2, 2, (4, 3))


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        pytest.param(np.tanh, lambda x: 1 - np.tanh(x) ** 2, id="tanh"),
        pytest.param(np.exp, np.exp, id="exp"),
        pytest.param(lambda x: x**4, lambda x: 4 * x**3, id="power"),
        pytest.param(lambda x: np.cos(3 * x), lambda x: -3 * np.sin(3 * x), id="cos"),
        pytest.param(lambda x: 800 + np.log1p(x**2), lambda x: 2 * x / (1 + x**2), id="offset"),
    ],
)
def test_the_estimate_is_good_and_its_error_covers_what_is_left(f, slope):
    estimate = gradient(lambda x: np.sum(f(x)), X)
    gap = np.abs(estimate.value - slope(X))
    assert (gap <= estimate.error).all()
    assert estimate.error.max() < 1e-7


def test_the_error_says_where_a_kink_is_near():
    estimate = gradient(lambda x: np.sum(np.abs(x)), np.array([0.0005, 1.0]))
    assert estimate.error[0] > 1e-3
    assert estimate.error[1] < 1e-9


def test_a_kink_that_symmetric_differences_cannot_see_is_seen():
    def f(x):
        return np.sum(np.abs(x))

    assert (gradient(f, np.zeros(2)).error < 1e-9).all()
    assert has_kink(f, np.zeros(2))
    assert not has_kink(f, np.ones(2))


def test_x_is_left_as_it_was():
    x = X.copy()
    gradient(lambda moved: moved.sum(), x)
    assert (x == X).all()


def test_the_jacobian_has_a_row_per_output_and_a_column_per_input():
    A = np.arange(6.0).reshape(2, 3)
    estimate = jacobian(lambda x: A @ x, np.ones(3))
    assert np.abs(estimate.value - A).max() < 1e-10
