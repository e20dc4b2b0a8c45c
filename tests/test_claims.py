"""What students' CI claims is compared with the official scores, and never believed."""

import json
import subprocess
import sys

import pytest
from classroom import ROOT, SECRET, solved
from click.testing import CliRunner

from grader.claims import Difference, compare, table
from grader.cli import cli
from grader.errors import UsageError


def official(folder, **scores):
    rows = [
        {"student": name, "assignment": "layers", "status": "graded", "score": score}
        | {"max_score": 60}
        for name, score in scores.items()
    ]
    folder.mkdir()
    (folder / "results.json").write_text(json.dumps({"submissions": rows}))
    return folder


def checkout(folder, owner, score):
    path = folder / f"cs-hw1-{owner}" / "result.json"
    path.parent.mkdir(parents=True)
    result = {"owner": owner, "assignment": "hw1", "score": score, "max-score": 60}
    path.write_text(json.dumps({"schema": "classroom50/result/v1"} | result))
    return path


def test_a_claim_that_differs_is_named_with_both_scores(tmp_path):
    graded = official(tmp_path / "graded", ada=60, bao=42, cleo=10)
    for owner, score in {"Ada": 60, "bao": 60, "cleo": 9}.items():
        checkout(tmp_path / "clones", owner, score)
    assert compare(graded, tmp_path / "clones") == [
        Difference("bao", "layers", 60, 42, "claims more"),
        Difference("cleo", "layers", 9, 10, "claims less"),
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("scores.csv", "username,first_name,score,max_score\nada,Ada,50,60\nzoe,Zoe,60,60\n"),
        (
            "grades.csv",
            "assignment_name,github_username,points_awarded,points_available\n"
            "Layers,ada,50,60\nLayers,zoe,60,60\n",
        ),
        (
            "results.csv",
            "student,assignment,status,score,max_score\nada,layers,graded,50,60\n"
            "zoe,layers,graded,60,60\n",
        ),
    ],
)
def test_the_tables_of_platforms_are_read(tmp_path, name, text):
    graded = official(tmp_path / "graded", ada=60, bao=42)
    (tmp_path / name).write_text(text)
    found = {one.student: one.kind for one in compare(graded, tmp_path / name)}
    assert found == {"ada": "claims less", "bao": "no claim", "zoe": "not graded"}


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"submissions": 3}', '{"owner": "bao"}', "[" * 100_000),
        '{"owner": "bao", "score": 1e999, "max_score": 1}',
        '{"owner": "bao", "score": "NaN", "max_score": 1}',
    ],
)
def test_a_claim_that_cannot_be_read_is_none(tmp_path, text):
    graded = official(tmp_path / "graded", ada=60, bao=42)
    checkout(tmp_path / "clones", "ada", 60)
    checkout(tmp_path / "clones", "bao", 0).write_text(text)
    (found,) = compare(graded, tmp_path / "clones")
    assert (found.student, found.kind) == ("bao", "no claim")


def test_what_was_claimed_for_an_earlier_push_does_not_count(tmp_path):
    graded = official(tmp_path / "graded", ada=42)
    path = checkout(tmp_path / "clones", "ada", 42)
    old = {"owner": "ada", "assignment": "hw1", "score": 50, "max-score": 60}
    (path.parent / "results.json").write_text(json.dumps({"submissions": [old]}))
    assert compare(graded, tmp_path / "clones") == []


def test_no_difference_is_said_too():
    assert table([]) == "Every claimed score is the official one.\n"


def test_names_do_not_rewrite_the_terminal():
    shown = table([Difference("a\x1b[2Jb", "layers", 1, 2, "claims less")])
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("graded", "claimed", "says"),
    [("nowhere", ".", "cannot be read"), ("graded", "nowhere", "no "), ("graded", "empty", "no ")],
)
def test_what_is_not_there_is_said(tmp_path, graded, claimed, says):
    official(tmp_path / "graded", ada=60)
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=says):
        compare(tmp_path / graded, tmp_path / claimed)


def test_the_command_prints_the_table_or_json(tmp_path):
    graded = official(tmp_path / "graded", ada=60, bao=42)
    checkout(tmp_path / "clones", "ada", 60)
    checkout(tmp_path / "clones", "bao", 60)
    words = ["compare-ci", str(graded), str(tmp_path / "clones")]
    shown = CliRunner().invoke(cli, words)
    assert (shown.exit_code, shown.stdout.split("\n")[1].split()[:4]) == (
        *(0, ["bao", "layers", "60", "42"]),
    )
    (found,) = json.loads(CliRunner().invoke(cli, [*words, "--json"]).stdout)
    assert found["kind"] == "claims more"


LAYOUTS = {
    "GitHub Classroom": "layers-submissions/layers-{}",
    "Classroom 50": "cs-layers-{}",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_fresh_clones_are_graded_and_compared(layout, tmp_path):
    for owner in ("ada", "bao"):
        clone = tmp_path / "clones" / layout.format(owner)
        solved(clone / "layers.ipynb")
        (clone / ".git").mkdir()
        (clone / ".github" / "workflows").mkdir(parents=True)
        (clone / ".github" / "workflows" / "classroom.yml").write_text("name: changed\n")
        result = {"owner": owner, "assignment": "layers", "score": 60, "max-score": 60}
        (clone / "result.json").write_text(json.dumps(result))
    file = tmp_path / "clones" / layout.format("bao") / "layers.ipynb"
    file.write_text(file.read_text().replace("upstream.sum(axis=0)", "upstream.mean(axis=0)"))
    (tmp_path / "clones" / "scores.csv").write_text("username,score,max_score\nada,60,60\n")
    grader = [sys.executable, "-m", "grader"]
    run = [*grader, "run", "clones", "--reference", str(ROOT / "reference"), "--workers", "1"]
    about = {"GRADER_SECRET": SECRET, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    done = subprocess.run(run, cwd=tmp_path, env=about, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (found,) = compare(tmp_path / "graded", tmp_path / "clones")
    assert (found.student, found.claimed, found.kind) == ("bao", 60, "claims more")
