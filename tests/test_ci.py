"""`grader ci` in a checkout: what the log, the summary and the platform get."""

import base64
import json
import os
import re
import shutil
from pathlib import Path

import pytest
from classroom import solution, solved, write
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from grader import ci
from grader.errors import GraderError, SandboxError, UsageError
from grader.export import classroom, classroom50, github
from grader.handout import bundled, find
from grader.report import markdown
from grader.repository import Checkout, grade
from grader.result import ArrayVerdict, Diagnosis, Finding, Report, Status, Verdict

ROOT = Path(__file__).parent.parent
LAYERS = bundled()["layers"]
SHOUT = 'print("::error::shouted")\nimport os\nos.system("echo ::error::shouted")\n'
RAISES = """\
class Affine:
    def __init__(self, W, b):
        raise ValueError("\\n::error::shouted\\n##[error]shouted\\n<img src=x> [a](http://b.c)")
"""
CLASSROOM50 = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "layers",
    "OWNER": "ada",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://example.org/commit/1",
    "RELEASE_URL": "https://example.org/release/1",
}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"}
WORDS = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
RESULT = {  # the published schema classroom50/result/v1
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("schema", "classroom", "assignment", "assignment_type", "owner", "submission"),
        *("commit", "release", "review", "datetime", "score", "max-score", "tests"),
    ],
    "properties": {
        "schema": {"const": "classroom50/result/v1"},
        "classroom": WORDS,
        "assignment": WORDS,
        "assignment_type": {"enum": ["individual", "group"]},
        "owner": WORDS,
        "submission": {"type": "string", "pattern": "^submit/"},
        "commit": WORDS,
        "release": WORDS,
        "review": WORDS,
        "datetime": MOMENT,
        "graded_at": MOMENT,
        "score": COUNT,
        "max-score": COUNT,
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["test-name", "passed", "score", "max-score"],
                "properties": {
                    "test-name": WORDS,
                    "passed": {"type": "boolean"},
                    "score": COUNT,
                    "max-score": COUNT,
                },
            },
        },
    },
}


class Push:
    """What one run of the job in a checkout left behind."""

    def __init__(self, folder, form="github", **options):
        runner = folder.parent / f"{folder.name}-runner"
        runner.mkdir(exist_ok=True)
        files = {name: runner / name for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")}
        lines = []
        environment = {name: str(path) for name, path in files.items()} | CLASSROOM50
        try:
            self.passed = ci.run(ci.Job(folder, form, **options), environment, lines.append)
            self.error = None
        except GraderError as error:
            self.error = error
        self.log = "\n".join(lines)
        self.summary, self.outputs = (
            path.read_text() if path.exists() else "" for path in files.values()
        )


def orders(log):
    """The workflow commands that GitHub's runner would obey in this log."""
    stopped = None
    for line in log.split("\n"):
        found = re.match(r"\s*::([^ :]+)(?: ([^:]*))?::(.*)", line)
        if stopped:
            stopped = None if found and found[1] == stopped else stopped
        elif found and found[1] == "stop-commands":
            stopped = found[3]
        elif found:
            yield found[1], found[2] or "", found[3]
        elif "##[" in line:
            yield "old", "", line
    assert stopped is None


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "layers-ada"
    shutil.copytree(LAYERS, folder)
    return folder


def test_a_solved_notebook_gets_all_points_and_no_annotation(checkout):
    solved(checkout / "layers.ipynb")
    push = Push(checkout)
    assert push.passed
    assert [name for name, _, _ in orders(push.log)] == ["notice", "notice"]
    assert "::notice title=Autograding complete::Points 60/60" in push.log
    assert "## layers: 60 / 60" in push.summary


def test_each_exercise_that_is_wrong_gets_one_annotation(checkout):
    shutil.copy(ROOT / "submissions" / "chidi" / "layers" / "layers.ipynb", checkout)
    push = Push(checkout)
    errors = [about for name, about, _ in orders(push.log) if name == "error"]
    assert [re.search("title=(.*)%2C", about)[1] for about in errors] == [
        *("Affine partial", "ReLU wrong", "Sigmoid wrong")
    ]
    assert all(about.startswith("file=layers.ipynb,") for about in errors)
    assert "> Your gradient shrinks as the batch grows." in push.summary


def test_the_template_is_a_list_of_what_is_missing(checkout):
    push = Push(checkout)
    assert push.passed
    assert {name for name, _, _ in orders(push.log)} == {"warning", "notice"}
    assert "| Affine | missing | 0 / 6 |" in push.summary
    assert "###" not in push.summary


@pytest.mark.parametrize("form", ["github", "classroom", "classroom50", "json"])
def test_a_student_cannot_give_orders_to_the_runner(checkout, form):
    write(checkout / "layers.ipynb", [SHOUT, RAISES, *solution("layers")[2:]], "layers")
    push = Push(checkout, form)
    ours = {"error", "warning", "notice"}
    assert {name for name, _, _ in orders(push.log)} <= ours
    assert not [text for _, _, text in orders(push.log) if text.startswith("shouted")]
    assert "<img" not in push.summary.replace("\\<img", "")
    assert "](http://" not in push.summary


def test_what_the_notebook_prints_is_not_in_the_log(checkout):
    solved(checkout / "layers.ipynb", old="import numpy", new=SHOUT + "import numpy")
    push = Push(checkout)
    assert "shouted" not in push.log + push.summary
    assert "Points 60/60" in push.log


def test_no_notebook_is_a_clear_message(checkout):
    (checkout / "layers.ipynb").unlink()
    push = Push(checkout)
    assert "no notebook in this repository" in str(push.error)
    assert [name for name, _, _ in orders(push.log)] == ["error"]
    assert "no notebook in this repository" in push.summary


def test_of_two_notebooks_the_one_with_the_name_of_the_assignment_is_graded(checkout):
    solved(checkout / "layers.ipynb")
    write(checkout / "copy.ipynb", ["import numpy as np"], "layers")
    push = Push(checkout)
    assert "Points 60/60" in push.log
    assert "copy.ipynb is not looked at: layers.ipynb is graded." in push.summary


def test_another_notebook_of_ones_own_does_no_harm(checkout):
    solved(checkout / "layers.ipynb")
    write(checkout / "notes" / "scratch.ipynb", ["1 + 1"])
    push = Push(checkout)
    assert "Points 60/60" in push.log
    assert "notes/scratch.ipynb: The file defines no exercise" in push.summary


def test_two_assignments_in_one_repository_are_both_graded(checkout):
    solved(checkout / "a" / "layers.ipynb")
    solved(checkout / "b" / "losses.ipynb", "losses")
    (checkout / "layers.ipynb").unlink()
    assert "Points 100/100" in Push(checkout).log


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda file: file.unlink(), id="deleted"),
        pytest.param(lambda file: file.write_text("{"), id="damaged"),
        pytest.param(
            lambda file: file.write_text(file.read_text().replace("raise NotImpl", "return Impl")),
            id="edited",
        ),
    ],
)
def test_exercises_json_in_the_checkout_does_not_matter_for_the_bundled_course(checkout, spoil):
    solved(checkout / "layers.ipynb")
    spoil(checkout / "exercises.json")
    assert "Points 60/60" in Push(checkout).log


def test_a_forward_that_was_edited_away_is_missing_and_the_rest_is_graded(checkout):
    cells = [text for text in solution("layers") if not text.startswith("class Affine")]
    write(checkout / "layers.ipynb", cells, "layers")
    push = Push(checkout)
    assert "| Affine | missing | 0 / 6 |" in push.summary
    assert "not defined: the notebook does not define it" in push.summary
    assert "Points 54/60" in push.log


def test_a_notebook_with_conflict_markers_is_told_so(checkout):
    file = checkout / "layers.ipynb"
    file.write_text("<<<<<<< HEAD\n" + file.read_text())
    push = Push(checkout)
    assert push.error
    assert "## layers: 0 / 60\n\nNot graded." in push.summary
    assert "title=layers not graded" in push.log


def test_a_changed_course_is_read_and_never_run(checkout):
    about = json.loads((LAYERS / "exercises.json").read_text()) | {"slug": "mine"}
    code = 'print("::error::shouted")\nraise ValueError("\\n::error::shouted")'
    about["cells"] = [code]
    about["published"]["Affine"] = code
    (checkout / "exercises.json").write_text(json.dumps(about))
    solved(checkout / "layers.ipynb", "layers")
    write(checkout / "mine.ipynb", solution("layers"), "mine")
    push = Push(checkout)
    assert "Affine: its answers to the public cases are missing" in str(push.error)
    assert "shouted" not in push.log + push.summary


def test_a_machine_without_walls_is_told_and_runs_nothing(checkout, monkeypatch):
    monkeypatch.setattr("grader.sandbox.host.missing_walls", lambda: ["Landlock"])
    push = Push(checkout)
    assert isinstance(push.error, SandboxError)
    assert "this system has no Landlock" in push.summary
    assert "title=Not graded::this system has no Landlock" in push.log


def test_a_failure_of_ours_is_no_result(tmp_path):
    report = Report(*("a", "layers", "x", "", "ungraded", "ours", 0, 60, "numeric", 0))
    found = Checkout((report,), "none")
    with pytest.raises(SandboxError, match="run the job again"):
        ci._complain(ci.Job(tmp_path), found)
    ci._classroom50(ci.Job(tmp_path), found, CLASSROOM50, print)
    assert not list(tmp_path.iterdir())


def test_a_summary_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(UsageError, match="cannot write"):
        github.append(str(tmp_path / "no" / "file"), "text")


@pytest.mark.parametrize("slug", bundled())
def test_points_are_integers_in_every_assignment(slug):
    points = [of for one in find(bundled()[slug]).exercises for of in one.points.values()]
    assert {type(of) for of in points} == {int}


@pytest.mark.parametrize(
    ("asked", "passed"), [("42", True), ("43", False), ("70%", True), ("71%", False)]
)
def test_fail_under_is_for_those_who_want_a_red_cross(asked, passed):
    job = ci.Job(Path(), fail_under=asked)
    assert (ci._wanted(job.fail_under)(60) <= 42) is passed


def test_fail_under_says_what_it_takes():
    with pytest.raises(UsageError, match="such as 75%"):
        ci._wanted("three quarters")


def test_json_is_the_whole_log(checkout):
    push = Push(checkout, "json")
    (report,) = json.loads(push.log)["submissions"]
    assert (report["oracle"], report["max_score"]) == ("numeric", 60)


# the reporter of GitHub Classroom

RUNNER = {
    "type": "object",
    "required": ["version", "status", "max_score", "tests"],
    "properties": {
        "version": {"enum": [1, 3]},
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": COUNT,
        "tests": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "status", "score", "line_no"],
                "properties": {"score": COUNT, "line_no": {"const": 0}},
            },
        },
    },
}


def table(result):
    """The points that the reporter's table shows: the share of tests that passed."""
    passed = sum(one["status"] == "pass" for one in result["tests"])
    return passed / len(result["tests"]) * result["max_score"]


def notice(result):
    """The points that its notice tells: the sum of the scores."""
    return sum(one["score"] for one in result["tests"])


def outputs(push):
    lines = (line.split("=", 1) for line in push.outputs.splitlines())
    return {name: json.loads(base64.b64decode(code)) for name, code in lines}


def test_the_reporter_gets_one_runner_per_exercise_whose_sums_agree(checkout):
    shutil.copy(ROOT / "submissions" / "chidi" / "layers" / "layers.ipynb", checkout)
    found = outputs(Push(checkout, "classroom"))
    assert list(found) == [one.name.lower() for one in find(LAYERS).exercises]
    for result in found.values():
        Draft202012Validator(RUNNER).validate(result)
        assert table(result) == notice(result)
    assert sum(notice(result) for result in found.values()) == 42


def verdict(points, right, **more):
    arrays = tuple(
        ArrayVerdict(name, name in right, most if name in right else 0, most, None)
        for name, most in points.items()
    )
    score, most = sum(one.score for one in arrays), sum(points.values())
    status = Status.CORRECT if score == most else Status.PARTIAL if score else Status.WRONG
    return Verdict(
        "Net", **{"status": status, "score": score, **more}, max_score=most, arrays=arrays
    )


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(verdict({"dU": 6, "db": 4, "dc": 2}, ("dU",)), id="unequal arrays"),
        pytest.param(verdict({"dU": 5, "db": 3}, ("db",)), id="no common measure"),
        pytest.param(verdict({"dU": 6}, (), status=Status.UNGRADED), id="ungraded"),
        pytest.param(verdict({"dU": 6, "db": 4}, (), score=5), id="another rule for the score"),
        pytest.param(Verdict("Net", Status.MISSING, 0, 8), id="no arrays"),
    ],
)
def test_table_and_notice_agree_whatever_the_weights(one):
    result = classroom.result(one)
    Draft202012Validator(RUNNER).validate(result)
    assert table(result) == notice(result) == one.score
    assert len({test["score"] for test in result["tests"] if test["score"]}) <= 1


# Classroom 50


def test_classroom_50_gets_a_valid_result_and_a_body(checkout):
    shutil.copy(ROOT / "submissions" / "chidi" / "layers" / "layers.ipynb", checkout)
    push = Push(checkout, "classroom50", exercises=LAYERS)
    result = json.loads((checkout / "result.json").read_text())
    Draft202012Validator(RESULT).validate(result)
    assert (result["score"], result["max-score"], result["owner"]) == (42, 60, "ada")
    assert result["datetime"] == "2026-06-01T14:32:05Z"
    assert sum(test["score"] for test in result["tests"]) == 42
    assert (checkout / "release-body.md").read_text() == push.summary
    assert push.outputs == "status=failure\nsummary=42/60 points\n"


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_text("{")])
def test_classroom_50_gets_a_result_without_points_where_nothing_can_be_graded(checkout, spoil):
    spoil(checkout / "layers.ipynb")
    push = Push(checkout, "classroom50", exercises=LAYERS)
    assert push.error is None
    result = json.loads((checkout / "result.json").read_text())
    Draft202012Validator(RESULT).validate(result)
    assert (result["score"], result["max-score"], len(result["tests"])) == (0, 60, 8)


def test_a_link_in_the_place_of_the_result_leads_nowhere(checkout, tmp_path):
    (tmp_path / "victim").write_text("mine")
    (checkout / "result.json").symlink_to(tmp_path / "victim")
    Push(checkout, "classroom50", exercises=LAYERS)
    assert (tmp_path / "victim").read_text() == "mine"
    assert not (checkout / "result.json").is_symlink()


def test_the_trusted_exercises_are_those_that_count(tmp_path, checkout):
    (checkout / "exercises.json").write_text((bundled()["losses"] / "exercises.json").read_text())
    found = grade(checkout, LAYERS, "landlock+seccomp")
    assert [one.assignment for one in found.reports] == ["layers"]


def test_the_variables_of_classroom_50_are_asked_for_by_name():
    report = Report(*("a", "layers", "x", "", "graded", None, 0, 0, "numeric", 0))
    with pytest.raises(UsageError, match="SUBMISSION_TAG"):
        classroom50.result(report, {"CLASSROOM": "cs"}, classroom50.now())


# Markdown and escaping


def test_percent_newline_colon_and_comma_are_escaped_where_they_must_be():
    line = github.command("error", "50 %\nof: a, b", title="a: 5 %, b")
    assert line == "::error title=a%3A 5 %25%2C b::50 %25 of: a, b"


def test_markdown_of_students_is_text():
    shown = markdown.text("<b> [x](http://y) | *z* `a|b` @all")
    assert shown == r"\<b\> \[x\](http:\//y) \| \*z\* `a|b` \@all"


def test_a_summary_stays_below_what_github_accepts():
    finding = Finding("dx", "wrong values", "x" * 5000, "case 1")
    verdicts = tuple(
        Verdict(
            *(f"Layer{n}", Status.WRONG, 0, 6),
            findings=(finding,) * 10,
            diagnosis=Diagnosis("m", "exact", "hint " * 500, "dx"),
        )
        for n in range(100)
    )
    report = Report(*("a", "b", "c", "", "graded", None, 0, 600, "numeric", 0, verdicts))
    shown = markdown.summary([report])
    assert len(shown.encode()) < 1 << 20
    assert shown.endswith("more than GitHub shows.\n")


def test_the_command_fails_below_what_was_asked_for(checkout, monkeypatch):
    from grader.cli import cli

    monkeypatch.chdir(checkout)
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT"):
        monkeypatch.delenv(name, raising=False)
    assert CliRunner().invoke(cli, ["ci"]).exit_code == 0
    failed = CliRunner().invoke(cli, ["ci", "--fail-under", "1%"])
    assert (failed.exit_code, os.getcwd()) == (1, str(checkout))
    assert "fewer points than --fail-under 1%" in failed.stderr
