import os

import numpy as np
import pytest

from grader import store
from grader.exercise import TWICE, Exercise, Integers, Spread, Uniform
from grader.key import CaseKey, ExerciseKey, Expected, Key, Suspect


@pytest.fixture
def key(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    exercise = Exercise(
        "Affine",
        "layer",
        {"dx": 2},
        {"x": Uniform("batch inputs"), "n": Integers("batch", 3), "z": Spread("batch", 1, 800)},
        variations=(TWICE,),
    )
    case = CaseKey(exercise.case(0, "secret"), {"dx": Expected(np.eye(3), 1.0)})
    suspect = Suspect("sign-flipped", ("a?", "b.", "c."), 3, ({"dx": -np.eye(3)},))
    one = ExerciseKey(exercise, (case,), (suspect,))
    return Key("layers", "Layers", "reference", "sha256:1", (one,))


def test_a_kept_key_is_the_same(key):
    store.kept("layers", b"source", lambda: key)
    again = store.kept("layers", b"source", lambda: pytest.fail("made again"))
    assert again.exercises[0].exercise == key.exercises[0].exercise
    assert (again.exercises[0].cases[0].case.inputs["x"] ==
            key.exercises[0].cases[0].case.inputs["x"]).all()  # fmt: skip
    assert (again.exercises[0].suspects[0].arrays[0]["dx"] == -np.eye(3)).all()
    assert again.exercises[0].suspects[0].hints == ("a?", "b.", "c.")


def test_another_source_makes_another_key(key):
    made = []
    for source in (b"one", b"two", b"one"):
        store.kept("layers", source, lambda: made.append(1) or key)
    assert len(made) == 2


def test_a_damaged_file_is_made_again(key):
    store.kept("layers", b"source", lambda: key)
    (path,) = store.folder().glob("*.npz")
    path.write_bytes(path.read_bytes()[:100])
    assert store.kept("layers", b"source", lambda: key) is key


def test_only_the_owner_may_read_a_key(key):
    store.kept("layers", b"source", lambda: key)
    (path,) = store.folder().glob("*.npz")
    assert path.stat().st_mode & 0o077 == 0
    assert store.folder().stat().st_mode & 0o077 == 0


def test_old_keys_are_forgotten(key):
    for number in range(store.KEPT + 3):
        store.kept("layers", bytes([number]), lambda: key)
    assert len(os.listdir(store.folder())) == store.KEPT
