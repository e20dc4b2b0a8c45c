"""The oracle without a reference, and its published answers, held to the reference."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader import published
from grader.assignment import load
from grader.errors import AuthorError
from grader.exercise import PUBLIC
from grader.handout import bundled, find
from grader.judge import judge
from grader.kernel import play
from grader.numeric import exercise_key as numeric_exercise_key
from grader.numeric import namespace
from grader.oracle import exercise_key as reference_exercise_key
from grader.published import exercise_key, public_key
from grader.result import Status
from grader.template import given_cells
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


@cache
def given(slug):
    return namespace(slug, [cell.source for cell in given_cells(reference(slug)) if cell.runs])


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
    key = key_of(slug, name)
    assert judge(key, play(given(slug), key.request)).score == 0


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
    key = public_key(page)
    assert (key.oracle, key.max_score) == ("numeric", 60)
    assert key.digest == public_key(page).digest


@pytest.mark.parametrize("name", ["Affine", "Softmax"])
def test_published_answers_are_finite_differences_of_what_is_given(name):
    key = key_of("layers", name)
    again = numeric_exercise_key(given("layers"), key.exercise)
    assert not key.is_exact
    for one, other in zip(key.cases, again.cases, strict=True):
        for array, expected in one.expected.items():
            np.testing.assert_allclose(expected.array, other.expected[array].array, 1e-9, 1e-9)


def test_given_code_that_cannot_be_run_is_the_fault_of_the_page():
    with pytest.raises(AuthorError, match="ours: without its solutions, cell 2 of the code"):
        namespace("ours", ["x = 1", "x + y"])


def test_full_training_runs_are_short_in_public():
    hidden = {one.name: one for one in reference("moons").exercises}["train"]
    public = find(bundled()["moons"])["train"]
    steps = [[v.options["steps"] for v in one.variations] for one in (hidden, public)]
    assert steps == [[1, 1, 10, 10, 1000, 1000], [1, 1, 10, 10, 300]]
    assert public.points == hidden.points


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
