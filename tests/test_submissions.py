"""Whole answers, right and wrong, each beginning with the verdict that it must get:

# expect: Affine partial 4 / 6
# wrong: Affine db
"""

import re
from pathlib import Path

import pytest

from grader.judge import judge

FOLDER = Path(__file__).parent / "submissions"
FILES = sorted(FOLDER.rglob("*.py"))
EXPECT = re.compile(r"^# expect: (\S+) (\w+) (\d+) / (\d+)$", re.MULTILINE)
WRONG = re.compile(r"^# wrong: (\S+) (.+)$", re.MULTILINE)


def expected(text):
    """Name, status, score, maximum and the wrong arrays of every exercise of the file."""
    wrong = {name: set(arrays.split()) for name, arrays in WRONG.findall(text)}
    return [
        (name, status, int(score), int(of), wrong.get(name, set()))
        for name, status, score, of in EXPECT.findall(text)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_answer_gets_the_verdict_it_deserves(path, box, key_of):
    text = path.read_text()
    rows = expected(text)
    assert rows, f"{path.name} says nowhere what to expect"
    keys = {one.exercise.name: one for one in key_of(path.parent.name).exercises}
    replies = box.play([("cell 1", text)], [keys[name].request for name, *_ in rows])
    verdicts = [judge(keys[row[0]], reply) for row, reply in zip(rows, replies, strict=True)]
    assert [found(verdict) for verdict in verdicts] == rows


def found(verdict):
    checked = verdict.status in ("correct", "partial", "wrong")
    wrong = {array.name for array in verdict.arrays if checked and not array.correct}
    return verdict.name, str(verdict.status), verdict.score, verdict.max_score, wrong


def test_there_are_right_and_wrong_answers_for_every_assignment():
    statuses = {
        folder.name: {row[1] for path in folder.glob("*.py") for row in expected(path.read_text())}
        for folder in FOLDER.iterdir()
    }
    assert statuses
    assert all(
        {"correct", "partial", "wrong"} & found >= {"correct"} for found in statuses.values()
    )
