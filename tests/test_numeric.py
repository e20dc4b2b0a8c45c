"""The oracle without a reference, held to the reference."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader import published
from grader.assignment import load
from grader.exercise import PUBLIC
from grader.handout import bundled, find
from grader.judge import judge
from grader.kernel import play
from grader.numeric import exercise_key, numeric_key
from grader.oracle import exercise_key as reference_exercise_key
from grader.result import Status
from grader.witness import has_forward

ROOT = Path(__file__).parent.parent
ALL = [
    pytest.param(slug, name, id=f"{slug}-{name}")
    for slug, folder in bundled().items()
    for name in find(folder).names
]


@cache
def reference(slug):
    return load(ROOT / "reference" / f"{slug}.py")


def key_of(slug, name):
    return exercise_key(find(bundled()[slug]), name)


@pytest.mark.parametrize(("slug", "name"), ALL)
def test_the_reference_gets_full_marks_without_itself(slug, name):
    key = key_of(slug, name)
    reply = play(reference(slug).namespace, key.request)
    verdict = judge(key, reply)
    assert (verdict.status, verdict.findings) == (Status.CORRECT, ())


@pytest.mark.parametrize(("slug", "name"), ALL)
def test_what_students_are_given_earns_nothing(slug, name):
    page = find(bundled()[slug])
    given = {}
    for source in page.cells:
        exec(source, given)
    assert judge(key_of(slug, name), play(given, key_of(slug, name).request)).score == 0


@pytest.mark.parametrize(("slug", "name"), ALL)
def test_expected_arrays_are_good_to_a_ten_millionth(slug, name):
    key = key_of(slug, name)
    replies = play(reference(slug).namespace, key.request).outcomes
    for case, answer in zip(key.cases, replies, strict=True):
        for array, expected in case.expected.items():
            gap = np.abs(answer.arrays[array] - expected.array).max(initial=0.0)
            assert gap <= 1e-7 * expected.size


def test_the_key_says_who_judged_and_is_the_same_every_time():
    page = find(bundled()["layers"])
    key = numeric_key(page)
    assert (key.oracle, key.max_score) == ("numeric", 60)
    assert key.digest == numeric_key(page).digest


def test_published_answers_survive_the_file():
    (exercise,) = (one for one in reference("layers").exercises if not has_forward(one.kind))
    key = reference_exercise_key(reference("layers"), exercise, PUBLIC)
    again = published.from_json(exercise, published.as_json(key))
    for one, other in zip(key.cases, again.cases, strict=True):
        np.testing.assert_array_equal(one.case.inputs["x"], other.case.inputs["x"])
        np.testing.assert_array_equal(
            one.expected["jacobian"].array, other.expected["jacobian"].array
        )


def test_hidden_answers_are_never_published():
    (exercise,) = (one for one in reference("layers").exercises if not has_forward(one.kind))
    hidden = reference_exercise_key(reference("layers"), exercise, "a secret of the tests")
    with pytest.raises(Exception, match="no public case and is not published"):
        published.as_json(hidden)
