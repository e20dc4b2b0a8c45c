"""The points of circle and moons against their published description and scikit-learn."""

from pathlib import Path

import numpy as np
import pytest

from grader.assignment import load
from grader.points import Circle, Moons

REFERENCE = Path(__file__).parent.parent / "reference"
CIRCLE, MOONS = (load(REFERENCE / f"{slug}.py").namespace for slug in ("circle", "moons"))
MANY = {"points": 20_000}


def rng():
    return np.random.default_rng(3)


def test_disc_and_ring_have_the_published_radii():
    X, t = np.split(Circle("points").sample(rng(), MANY), [2], axis=1)
    radius = np.hypot(*X.T)
    disc, ring = radius[t[:, 0] == 1], radius[t[:, 0] == 0]
    assert len(disc) == len(ring)
    assert 0 <= disc.min() < 0.01
    assert 2.49 < disc.max() < 2.5
    assert 3.5 <= ring.min() < 3.51
    assert 4.99 < ring.max() < 5


def test_radius_and_angle_are_even():
    X = Circle("points").sample(rng(), MANY)[1::2, :2]  # the disc
    radius, angle = np.hypot(*X.T), np.arctan2(*X.T)
    np.testing.assert_allclose(np.histogram(radius, 10, (0, 2.5))[0], 1000, atol=120)
    np.testing.assert_allclose(np.histogram(angle, 10, (-np.pi, np.pi))[0], 1000, atol=120)


def test_the_page_draws_the_circle_that_is_graded():
    X, t = CIRCLE["make_circle"](500, rng())
    np.testing.assert_array_equal(
        np.column_stack([X, t]), Circle("points").sample(rng(), {"points": 500})
    )


def test_moons_without_noise_are_those_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.make_moons(200, shuffle=False, noise=None)
    ours = Moons("points", noise=0.0).sample(rng(), {"points": 200})
    theirs = np.column_stack([(X - [0.5, 0.25]) / np.sqrt([0.75, 0.2442]), y])
    np.testing.assert_allclose(sorted(map(tuple, ours)), sorted(map(tuple, theirs)), atol=1e-12)


def test_moons_with_noise_are_distributed_as_those_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.make_moons(20_000, noise=0.2, random_state=0)
    ours = Moons("points").sample(rng(), MANY)
    back = ours[:, :2] * np.sqrt(np.array([0.75, 0.2442]) + 0.04) + [0.5, 0.25]
    for label in (0, 1):
        mine, theirs = back[ours[:, 2] == label], X[y == label]
        np.testing.assert_allclose(mine.mean(axis=0), theirs.mean(axis=0), atol=0.02)
        np.testing.assert_allclose(np.cov(mine.T), np.cov(theirs.T), atol=0.02)


def test_moons_are_standardised():
    X = Moons("points").sample(rng(), MANY)[:, :2]
    np.testing.assert_allclose(X.mean(axis=0), 0, atol=0.02)
    np.testing.assert_allclose(X.std(axis=0), 1, atol=0.02)


def test_the_page_draws_the_moons_that_are_graded_but_for_its_own_standardising():
    X, y = MOONS["make_moons"](1000, rng())
    ours = Moons("points").sample(rng(), {"points": 1000})
    np.testing.assert_array_equal(ours[:, 2], y)
    scaled = (ours[:, :2] - ours[:, :2].mean(axis=0)) / ours[:, :2].std(axis=0)
    np.testing.assert_allclose(X, scaled, atol=1e-12)


@pytest.mark.parametrize("draw", [Circle, Moons])
def test_exchanged_labels_belong_to_the_same_points(draw):
    plain = draw("points").sample(rng(), {"points": 50})
    exchanged = draw("points", exchanged=True).sample(rng(), {"points": 50})
    np.testing.assert_array_equal(plain[:, :2], exchanged[:, :2])
    np.testing.assert_array_equal(plain[:, 2], 1 - exchanged[:, 2])


def test_the_published_moons_are_those_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    X, y = datasets.make_moons(n_samples=1000, noise=0.2, random_state=42)
    published = np.loadtxt(REFERENCE / "data" / "moons.csv", delimiter=",")
    np.testing.assert_allclose(published, np.column_stack([X, y]), rtol=1e-12)


def test_iris_is_that_of_scikit_learn():
    datasets = pytest.importorskip("sklearn.datasets")
    iris = datasets.load_iris()
    ours = np.loadtxt(REFERENCE / "data" / "iris.csv", delimiter=",")
    np.testing.assert_array_equal(ours, np.column_stack([iris.data, iris.target]))
