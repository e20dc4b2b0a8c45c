"""The command as a process, on real submissions, with the real sandbox."""

import csv
import json
import os
import random
import signal
import stat
import subprocess
import sys
import time

import pytest
from classroom import REFERENCE, ROOT, SECRET, solved, write
from click.testing import CliRunner
from jsonschema import validate

from grader.cli import cli

NUMBER = {"type": "number", "minimum": 0}
TEXT = {"type": "string"}
STATUSES = ["correct", "partial", "wrong", "missing", "stopped", "ungraded"]


def closed(**properties):
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def maybe(schema):
    return {"anyOf": [{"type": "null"}, schema]}


def several(schema):
    return {"type": "array", "items": schema}


GRID = closed(
    shape=several({"type": "integer"}),
    cell=several({"type": "integer"}),
    rows=several({"type": "string", "pattern": "^[.1-4x]+$"}),
    wrong={"type": "integer"},
)
EXERCISE = closed(
    name=TEXT,
    status={"enum": STATUSES},
    score=NUMBER,
    max_score=NUMBER,
    seconds=NUMBER,
    arrays=several(
        closed(
            name=TEXT,
            correct={"type": "boolean"},
            score=NUMBER,
            max_score=NUMBER,
            relative_error=maybe({"type": "number"}),
        )
    ),
    findings=several(
        closed(array=TEXT, problem=TEXT, detail=TEXT, case=TEXT, grid=maybe(GRID)),
    ),
    diagnosis=maybe(
        closed(mistake=TEXT, certainty={"enum": ["exact", "likely"]}, hint=TEXT, array=TEXT)
    ),
    stopped=maybe(
        closed(
            how={"enum": ["raised", "timed out", "died", "refused"]},
            detail=TEXT,
            line=maybe({"type": "integer"}),
        )
    ),
    notes=several(TEXT),
    learned=maybe({"type": "object"}),
)
SOURCE = closed(
    cell={"type": "integer"},
    first_line={"type": "integer"},
    lines=several(TEXT),
    marked=several({"type": "integer"}),
)
EXERCISE["properties"]["source"] = maybe(SOURCE)
EXERCISE["required"].append("source")
SUBMISSION = closed(
    student=TEXT,
    assignment=TEXT,
    path=TEXT,
    digest={"type": "string", "pattern": "^(sha256:[0-9a-f]{64})?$"},
    status={"enum": ["graded", "rejected", "ungraded"]},
    reason=maybe(TEXT),
    score=NUMBER,
    max_score=NUMBER,
    oracle={"enum": ["reference", "numeric"]},
    seconds=NUMBER,
    exercises=several(EXERCISE),
    notes=several(TEXT),
    submitted=maybe(TEXT),
    clock=TEXT,
    final_score=NUMBER,
    late=maybe(
        closed(
            due=TEXT,
            seconds=NUMBER,
            days={"type": "integer"},
            percent=NUMBER,
            points=NUMBER,
            counts={"type": "boolean"},
        )
    ),
    overrides=several(closed(exercise=TEXT, points=NUMBER, comment=TEXT)),
)
RESULTS = closed(
    schema={"const": "grader/results/v1"},
    grader=TEXT,
    isolation={"enum": ["landlock+seccomp", "container", "none"]},
    submissions=several(SUBMISSION),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The variables of somebody who has never graded here."""
    folder = tmp_path_factory.mktemp("home")
    names = {name: str(folder / name) for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | names | {"HOME": str(folder), "GRADER_SECRET": SECRET}


@pytest.fixture
def grader(home, tmp_path):
    def run(*words, **environment):
        return subprocess.run(
            [sys.executable, "-m", "grader", *map(str, words)],
            cwd=tmp_path,
            env={**home, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def results(folder):
    """results.json without what differs from run to run."""
    found = json.loads((folder / "results.json").read_text(), parse_constant=pytest.fail)
    validate(found, RESULTS)
    for submission in found["submissions"]:
        for one in (submission, *submission["exercises"]):
            del one["seconds"]
    return found["submissions"]


def hand_in(folder, students=1):
    for number in range(students):
        solved(folder / f"student{number:02}/losses/losses.ipynb", "losses")
    return folder


def test_a_class_is_graded_and_what_cannot_be_read_is_rejected(grader, tmp_path):
    folder = hand_in(tmp_path / "submissions", 2)
    solved(folder / "Zoë, the 1st/layers/layers.ipynb", "layers", ".sum(axis=0)", ".mean(axis=0)")
    write(folder / "hans/history/essay.ipynb", ["print('Caesar')"])
    (folder / "empty/layers").mkdir(parents=True)
    (folder / "linked").symlink_to("nowhere")
    (folder / "out").symlink_to("/etc")
    for name, content in {
        "torn": b'{"cells": [',
        "old": b'{"nbformat": 3, "worksheets": []}',
    }.items():
        (folder / name).mkdir()
        (folder / name / "layers.ipynb").write_bytes(content)
    done = grader("run", folder, "--reference", REFERENCE, "--workers", 2)
    assert done.returncode == 0, done.stderr
    found = {one["student"]: one for one in results(tmp_path / "graded")}
    rejected = {name for name, one in found.items() if one["status"] == "rejected"}
    assert rejected == {"hans", "empty", "linked", "out", "torn", "old"}
    assert found["student00"]["score"] == found["student00"]["max_score"] == 40
    affine = found["Zoë, the 1st"]["exercises"][0]
    assert (affine["name"], affine["status"]) == ("Affine", "partial")
    assert "Class report: graded/index.html" in done.stdout
    assert "6 not graded" in done.stdout
    pages = list((tmp_path / "graded/feedback").glob("*/*.html"))
    assert len(pages) == len(found)
    with (tmp_path / "graded/results.csv").open(newline="") as file:
        assert {row["student"]: float(row["score"]) for row in csv.DictReader(file)} == {
            name: one["score"] for name, one in found.items()
        }


def test_the_second_run_grades_only_what_changed(grader, tmp_path):
    folder = hand_in(tmp_path / "submissions", 3)
    command = ("run", folder, "--reference", REFERENCE)
    lines = tmp_path / "graded/journal.jsonl"

    def written():
        grader(*command)
        return lines.read_text().count("\n")

    assert written() == 3
    assert written() == 3
    solved(folder / "student01/losses/losses.ipynb", "losses", "return", "return 2 *")
    assert written() == 4
    assert grader(*command, "--fresh").returncode == 0
    assert lines.read_text().count("\n") == 3


def test_a_run_that_is_killed_again_and_again_ends_with_the_same_results(grader, home, tmp_path):
    folder = hand_in(tmp_path / "submissions", 30)
    words = ("run", str(folder), "--reference", str(REFERENCE), "--workers", "2", "--out")
    assert grader(*words, "calm").returncode == 0
    moments, kept = random.Random(7), []
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", "grader", *words, "stormy"],
            cwd=tmp_path,
            env={**home, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(moments.uniform(0.6, 1.6))
        process.kill()
        process.wait()
        journal = tmp_path / "stormy/journal.jsonl"
        kept.append(journal.read_text().count("\n") if journal.exists() else 0)
    assert kept == sorted(kept)
    assert grader(*words, "stormy").returncode == 0
    assert results(tmp_path / "stormy") == results(tmp_path / "calm")
    students = [json.loads(line)["report"]["student"] for line in journal.read_text().splitlines()]
    assert sorted(students) == [f"student{number:02}" for number in range(30)]


def test_ctrl_c_says_how_to_go_on(home, tmp_path):
    solved(
        tmp_path / "bob.ipynb", "layers", "return upstream", "return max(iter(int, 1)) + upstream"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", "run", "bob.ipynb", "--reference", str(REFERENCE)],
        cwd=tmp_path,
        env={**home, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    journal = tmp_path / "graded/journal.jsonl"
    while not journal.exists():
        time.sleep(0.05)
    time.sleep(0.5)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=90)
    assert process.returncode == 130
    assert said.endswith(
        "grader: interrupted. What was graded is kept; the same command goes on from there\n"
    )
    assert "Traceback" not in said


def test_a_wrong_path_suggests_what_exists_and_writes_nothing(grader, tmp_path):
    hand_in(tmp_path / "submissions")
    done = grader("run", "submision", "--reference", REFERENCE)
    assert (done.returncode, done.stdout) == (2, "")
    assert "submision does not exist; did you mean submissions?" in done.stderr
    assert not (tmp_path / "graded").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", ".", "--reference", "nowhere"], "no folder nowhere; --reference names"),
        (["run", "."], "no folder reference/ here or above; name it with --reference"),
        (["run", ".", "--reference", str(REFERENCE)], "no notebook in ."),
        (["build", "laers", "--reference", str(REFERENCE)], "there are:"),
    ],
)
def test_what_does_not_exist_is_said_with_what_to_do(grader, words, says):
    done = grader(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_without_isolation_every_result_and_the_terminal_say_so(grader, tmp_path):
    hand_in(tmp_path)
    done = grader("run", ".", "--reference", REFERENCE, "--isolation", "none", "--json")
    assert "no isolation: the code of the submissions runs unprotected" in done.stderr
    assert json.loads(done.stdout)["isolation"] == "none"
    (page,) = (tmp_path / "graded/feedback").glob("*/*.html")
    assert "Graded without isolation" in page.read_text()


def test_the_secret_is_made_once_for_the_owners_eyes_only(grader, home, tmp_path):
    hand_in(tmp_path)
    settings = {"GRADER_SECRET": "", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    first = grader("run", ".", "--reference", REFERENCE, **settings)
    again = grader("run", ".", "--reference", REFERENCE, **settings)
    path = tmp_path / "config/grader/secret"
    assert f"made a secret in {path}" in first.stderr
    assert again.stderr == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.read_text().strip() not in (tmp_path / "graded/journal.jsonl").read_text()


def test_a_reader_that_has_seen_enough_is_no_error(home, tmp_path):
    hand_in(tmp_path)
    command = f"'{sys.executable}' -m grader run . --json --reference '{REFERENCE}' | head -c 10"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=tmp_path,
        env={**home, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ('{"schema":', "")


def test_the_doctor_tells_facts_to_people_and_programs(grader):
    assert "isolation" in grader("doctor").stdout
    facts = json.loads(grader("doctor", "--json").stdout)
    assert facts["isolation"]["in_force"] is True
    assert facts["cores"] >= 1


def test_build_check_fails_when_something_is_out_of_date(grader, tmp_path):
    pages = tmp_path / "reference"
    pages.mkdir()
    (pages / "losses.py").write_text((REFERENCE / "losses.py").read_text())
    assert grader("build", "--check").returncode == 2
    assert "assignments/losses: built" in grader("build").stdout
    assert grader("build", "--check").returncode == 0


def test_every_command_has_help_with_an_example():
    for command in cli.commands.values():
        assert "Example:" in (command.help or ""), command.name


def test_help_is_shown_by_both_doors():
    assert CliRunner().invoke(cli, ["--help"]).exit_code == 0
    done = subprocess.run(
        [sys.executable, "-m", "grader", "--help"], capture_output=True, check=True
    )
    assert done.stdout.startswith(b"Usage: grader ")
