"""Whatever a solution returns becomes a plain array, or words that a student understands."""

import decimal
import fractions

import numpy as np
import pytest

from grader.calls.record import Record
from grader.sandbox import answers, wire


class Arrayish:
    def __array__(self, dtype=None, copy=None):
        return np.arange(3.0)


class Broken:
    def __array__(self, dtype=None, copy=None):
        raise SystemError("no")


read_only = np.arange(3.0)
read_only.setflags(write=False)
STRIDED = np.arange(6.0)[::2]

NUMBERS = {
    "float": (1.5, 1.5),
    "int": (3, 3),
    "bool": (True, True),
    "numpy scalar": (np.float32(1.5), 1.5),
    "list": ([1, 2], [1, 2]),
    "nested": ([(1, 2), [3, 4]], [[1, 2], [3, 4]]),
    "list of arrays": ([np.ones(2), np.zeros(2)], [[1, 1], [0, 0]]),
    "list of 0-d arrays": ([np.array(1.0), np.array(2.0)], [1, 2]),
    "range": (range(3), [0, 1, 2]),
    "0-d": (np.array(2.0), 2.0),
    "empty": (np.zeros((0, 3)), np.zeros((0, 3))),
    "Fortran order": (np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), [[1, 2], [3, 4]]),
    "strided": (STRIDED, [0, 2, 4]),
    "read-only": (read_only, [0, 1, 2]),
    "foreign byte order": (np.array([1.0, 2.0], ">f8"), [1, 2]),
    "half": (np.array([1.5], np.float16), [1.5]),
    "long double": (np.array([1.5], np.longdouble), [1.5]),
    "matrix": (np.ones((1, 2)).view(np.matrix), [[1, 1]]),
    "masked, with nothing masked": (np.ma.array([1.0, 2.0]), [1, 2]),
    "objects": (np.array([1, 2.5], object), [1, 2.5]),
    "fractions": ([fractions.Fraction(1, 2)], [0.5]),
    "decimals": ([decimal.Decimal("0.5")], [0.5]),
    "huge integers": ([10**30, 1], [1e30, 1]),
    "something like an array": (Arrayish(), [0, 1, 2]),
    "a broadcast view": (np.broadcast_to(1.0, (2, 2)), [[1, 1], [1, 1]]),
    "not finite": ([np.nan, np.inf], [np.nan, np.inf]),
}


@pytest.mark.parametrize(("value", "array"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_of_any_kind_become_a_plain_array(value, array):
    got = answers.converted(value)
    assert type(got) is np.ndarray
    assert wire.describe({"a": got})
    np.testing.assert_array_equal(got, np.asarray(array))


WORDS = {
    "None": (None, "None"),
    "str": ("1.5", "a str"),
    "dict": ({}, "a dict"),
    "set": ({1}, "a set"),
    "function": (len, "a function"),
    "lambda": (lambda: 1, "a function"),
    "class": (Arrayish, "a type"),
    "object": (object(), "an object"),
    "uneven": ([[1, 2], [3]], "a list of uneven lengths"),
    "None within": ([1.0, None], "a list with None in it"),
    "text within": (np.array([1, "x"], object), "an array with a str in it"),
    "text": (["a"], "a list of text"),
    "complex": (1j, "complex numbers"),
    "complex objects": (np.array([1j], object), "complex numbers"),
    "dates": (np.array(["2026-01-01"], "M8[D]"), "an array of datetime64[D]"),
    "masked": (np.ma.array([1.0, 2.0], mask=[True, False]), "a masked array"),
    "too large": (np.broadcast_to(1.0, (40_000, 10_000)), "an array of 3.2 GB"),
    "too many axes": (np.zeros((1,) * 20), "an array with 20 axes"),
    "broken": (Broken(), "a Broken"),
    "ellipsis": (..., "Ellipsis"),
}


@pytest.mark.parametrize(("value", "words"), WORDS.values(), ids=WORDS)
def test_what_is_no_array_of_numbers_is_named(value, words):
    with pytest.raises(answers.Unusable) as caught:
        answers.converted(value)
    assert str(caught.value) == words


def test_answers_that_are_too_large_together_are_told_one_by_one():
    large = np.broadcast_to(1.0, (1500, 1000))
    fields, body = answers.fields(Record({"a": large, "b": large, "c": large}, {}))
    assert fields["unusable"] == {"c": "an array of 12 MB"}
    assert len(body) == 24_000_000


def test_a_matrix_is_told_apart():
    fields, _ = answers.fields(
        Record({"a": np.ones((1, 1)).view(np.matrix), "b": 1.0}, {"x": np.ones(1)})
    )
    assert (fields["matrices"], fields["answers"], len(fields["arrays"])) == (["a"], 2, 3)
