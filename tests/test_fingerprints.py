"""No suspect that explains an answer may be passed over; most of the others should be."""

import numpy as np
import pytest

from grader.fingerprints import alike, multiples
from grader.hypotheses.seen import equal

HUGE = 1e100  # squares beyond overflow


@pytest.fixture(scope="module")
def keys(key_of):
    return [one for slug in ("layers", "losses") for one in key_of(slug).exercises]


def arrays_of(key, suspect, name):
    pairs = zip(key.cases, suspect.arrays, strict=True)
    return [arrays.get(name) for case, arrays in pairs if name in case.expected]


def complete(keys):
    """Every suspect with each array that it has in all cases."""
    for key in keys:
        for name in key.exercise.points:
            for suspect in key.suspects:
                arrays = arrays_of(key, suspect, name)
                if all(one is not None for one in arrays):
                    yield key, name, suspect, arrays


def test_a_suspect_is_found_by_its_own_arrays_and_rounding_does_not_hide_it(keys):
    rng = np.random.default_rng(0)
    for key, name, suspect, arrays in complete(keys):
        sizes = [case.expected[name].size for case in key.cases if name in case.expected]
        rounded = [
            one + 1e-7 * size * rng.uniform(-1, 1, one.shape)
            for one, size in zip(arrays, sizes, strict=True)
        ]
        assert suspect in listed(alike(key, name, rounded))


class listed:
    """Membership by identity: arrays do not compare to one truth."""

    def __init__(self, suspects):
        self._ids = {id(one) for one in suspects}

    def __contains__(self, suspect):
        return id(suspect) in self._ids


def test_a_multiple_is_found_with_another_factor_in_every_case(keys):
    for key, name, suspect, arrays in complete(keys):
        scaled = [(number + 2) * one for number, one in enumerate(arrays)]
        if all(np.abs(one).max(initial=0.0) < HUGE for one in scaled):
            assert suspect in listed(multiples(key, name, scaled))


def test_a_suspect_that_differs_in_one_case_is_found_where_one_may(keys):
    for key, name, suspect, arrays in complete(keys):
        spoilt = [arrays[0] + 1.0, *arrays[1:]]
        assert suspect in listed(alike(key, name, spoilt, misses=1))


def test_few_others_are_left(keys):
    left = equals = 0
    for key, name, _, arrays in complete(keys):
        found = alike(key, name, arrays)
        left += len(found)
        equals += sum(all(map(same, arrays, arrays_of(key, one, name))) for one in found)
    assert left <= 1.1 * equals


def same(mine, theirs):
    size = float(np.abs(mine[np.isfinite(mine)]).max(initial=1e-9))
    return theirs is not None and equal(mine, theirs, size, 1e-4)


def test_an_answer_that_never_came_is_like_no_suspect(keys):
    key = keys[0]
    name = next(iter(key.exercise.points))
    assert alike(key, name, [None for case in key.cases if name in case.expected]) == []
