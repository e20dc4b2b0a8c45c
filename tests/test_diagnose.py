"""The name of a mistake, on answers that were written without the diagnosis in view.

Each cell of tests/blind/*.py is headed by its exercise and the names that are true of it, "-" where
the catalogue has none, "right" where nothing is wrong; "doubtful" stands beside a name that is
no plain lie and misleads. A false name is worse than none, so none may be false. The arrays that a
mistake spoils, where the cell says them, are those that must lose their points.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.diagnose import diagnose
from grader.judge import judge
from grader.result import Reply, Returned
from grader.suspects import is_equivalent

GIVEN = """import numpy as np


def sigmoid(z):
    return np.exp(-np.logaddexp(0.0, -z))


"""
FOLDER = Path(__file__).parent / "blind"
SPOILT = re.compile(r"^# spoilt: (.*)$", re.MULTILINE)


def cells():
    for path in sorted(FOLDER.rglob("*.py")):
        for number, cell in enumerate(path.read_text().split("# %% ")[1:]):
            head, _, source = cell.partition("\n")
            name, _, true = head.partition(": ")
            place = f"{path.parent.name}-{path.stem}-{name}-{number}"
            yield pytest.param((path.stem, name), true.split(", "), source, id=place)


def exercise_of(key, name):
    return next(one for one in key.exercises if one.exercise.name == name)


@pytest.mark.parametrize(("exercise", "true", "source"), list(cells()))
def test_a_mistake_gets_a_true_name(exercise, true, source, box, key_of):
    key = exercise_of(key_of(exercise[0]), exercise[1])
    (reply,) = box.play([("cell 1", GIVEN + source)], [key.request])
    verdict = diagnose(key, reply, judge(key, reply))
    assert (verdict.status == "correct") == (true == ["right"]), verdict.findings
    name = verdict.diagnosis.mistake if verdict.diagnosis else "-"
    assert name in true or true == ["right"], verdict.findings
    if spoilt := SPOILT.search(source):
        wrong = {array.name for array in verdict.arrays if not array.correct}
        assert wrong == set(spoilt[1].split(", "))


def played(key, change):
    """A reply in which change(name, array, case) was done to every right array."""
    answers = [
        Returned({name: change(name, one.array, case.case) for name, one in case.expected.items()})
        for case in key.cases
    ]
    return Reply(tuple(answers))


def diagnosed(key, change, **options):
    reply = played(key, change)
    return diagnose(key, reply, judge(key, reply), **options).diagnosis


def test_a_right_answer_has_no_diagnosis(key_of):
    key = exercise_of(key_of("layers"), "Affine")
    assert diagnosed(key, lambda name, array, case: array) is None


def test_random_numbers_have_no_diagnosis(key_of):
    key, rng = exercise_of(key_of("layers"), "Affine"), np.random.default_rng(0)
    assert diagnosed(key, lambda name, array, case: rng.normal(size=array.shape)) is None


@pytest.mark.parametrize("kind", ["bool", "int8", "uint8", "int64", "float16", "float32"])
@pytest.mark.parametrize("slug", ["layers", "losses"])
def test_an_answer_of_any_type_is_diagnosed_or_not_but_never_fails(key_of, slug, kind):
    with np.errstate(all="ignore"):  # our own conversion, not the student's
        for key in key_of(slug).exercises:
            diagnosed(key, lambda name, array, case: array.astype(kind))


def test_a_mask_returned_as_it_is_is_named(key_of):
    key = exercise_of(key_of("layers"), "ReLU")
    found = diagnosed(key, lambda name, array, case: case.inputs["x"] > 0)
    assert found.mistake == "upstream-ignored"


def test_zeros_are_called_zeros(key_of):
    for key in key_of("layers").exercises:
        found = diagnosed(key, lambda name, array, case: array if name == "out" else 0 * array)
        assert (found.mistake, found.certainty) == ("all-zero", "exact")


def test_one_cause_for_all_arrays_is_exact(key_of):
    key = exercise_of(key_of("layers"), "Affine")
    found = diagnosed(key, lambda name, array, case: array if name == "out" else -array)
    assert (found.mistake, found.certainty) == ("sign-flipped", "exact")


def test_two_mistakes_at_once_are_likely(key_of):
    key = exercise_of(key_of("layers"), "Sigmoid")
    ignored = next(one for one in key.suspects if one.mistake == "upstream-ignored")
    numbers = {case.case.name: arrays["dx"] for case, arrays in zip(key.cases, ignored.arrays,
                                                                    strict=True)}  # fmt: skip
    found = diagnosed(key, lambda name, array, case: 2 * numbers[case.name])
    assert (found.mistake, found.certainty) == ("upstream-ignored and factor-two-extra", "likely")


@pytest.mark.parametrize(("level", "sentences"), [(1, 1), (2, 2), (3, 3)])
def test_the_instructor_says_how_far_a_hint_goes(key_of, level, sentences):
    key = exercise_of(key_of("layers"), "Tanh")
    found = diagnosed(key, lambda name, array, case: -array, hint_level=level)
    assert len([end for end in found.hint if end in ".?"]) == sentences


def test_a_mistake_that_shows_in_one_array_is_not_named_for_another(key_of):
    key = exercise_of(key_of("layers"), "Affine")
    found = diagnosed(key, lambda name, array, case: array / 5 if name == "db" else array)
    assert found is None or found.array == "db"


def test_no_suspect_looks_like_the_reference(key_of):
    for key in key_of("layers").exercises:
        for one in key.suspects:
            answers = [Returned(arrays) for arrays in one.arrays]
            assert not is_equivalent(key, answers), one.mistake


def test_a_key_without_suspects_still_names_factors(key_of):
    key = replace(exercise_of(key_of("losses"), "MSELoss"), suspects=())
    found = diagnosed(key, lambda name, array, case: array / 2)
    assert found.mistake == "factor-two-missing"


def test_a_long_case_that_a_suspect_was_not_played_in_says_nothing_for_or_against(key_of):
    key = exercise_of(key_of("layers"), "Tanh")
    suspect = next(one for one in key.suspects if one.mistake == "factor-missing")
    numbers = {case.case.name: arrays["dx"] for case, arrays in zip(key.cases, suspect.arrays,
                                                                    strict=True)}  # fmt: skip
    short = replace(suspect, arrays=(*suspect.arrays[:-1], None))
    found = diagnosed(
        replace(key, suspects=(short,), fingerprints={}),
        lambda name, array, case: numbers[case.name] if name == "dx" else array,
    )
    assert (found.mistake, found.certainty) == ("factor-missing", "exact")
    other = replace(short, arrays=(None, *suspect.arrays[1:-1], suspect.arrays[0]))
    found = diagnosed(
        replace(key, suspects=(other,), fingerprints={}),
        lambda name, array, case: numbers[case.name] if name == "dx" else array,
    )
    assert found is None or found.mistake != "factor-missing"
