"""`grader start --github`: the files are as GitHub wants them, and a runner that plays them grades.

The player does what GitHub's runner does with the workflow, as far as it is documented: a fresh
machine, variables and files for each step, every `run:` by bash.
"""

import base64
import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from classroom import SECRET, solved
from click.testing import CliRunner
from fresh import environment, other, venv, wheel
from jsonschema import Draft202012Validator
from test_ci import CLASSROOM50, RESULT, notice, orders, table

from grader.cli import cli
from grader.errors import UsageError
from grader.export import classroom50
from grader.export.student_repository import WORKFLOW, furnish, workflow
from grader.handout import bundled, find
from grader.start import start

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"^[\w-]+/[\w-]+@[0-9a-f]{40}$")
WORKFLOWS = {
    "plain": workflow(),
    "with the reporter": workflow(find(bundled()["layers"]).names),
}
DOCS = ROOT / "docs"
GRADING = DOCS / "grading-workflow.yml"
NAMES = [*WORKFLOWS, "official grades"]
GH = """\
#!/bin/bash
# Stands in for GitHub's gh: the repositories are folders beside it, every one of them claims 60.
set -e
case "$1 $2" in
"repo list") ls "$(dirname "$0")/github" ;;
"repo clone") cp -r "$(dirname "$0")/github/${3#*/}" "$4" ;;
"api "*/check-runs) echo 7 ;;
"api "*/annotations) echo "Points 60/60" ;;
*) exit 9 ;;
esac
"""


class Runner:
    """A machine for one job."""

    def __init__(self, folder, variables):
        self.folder, self.variables = folder, variables
        self.programs = venv(other())
        self.outputs, self.log, self.summary = {}, "", ""

    def play(self, repository, file):
        (job,) = yaml.safe_load((repository / file).read_text())["jobs"].values()
        for number, step in enumerate(job["steps"]):
            if "run" in step:
                given = (job["env"] | step.get("env", {})).items()
                self.environment = {name: self.value(text) for name, text in given}
                self.outputs[step.get("id")] = self.run(step["run"], self.folder / str(number))
            elif step["uses"].startswith("actions/checkout@"):
                shutil.copytree(repository, self.folder / "work")
            elif step["uses"].startswith("classroom-resources/autograding-grading-reporter@"):
                values = {name: self.value(text) for name, text in step["env"].items()}
                ids = step["with"]["runners"].split(",")
                codes = [values[f"{one.upper()}_RESULTS"] for one in ids]
                self.reported = [json.loads(base64.b64decode(code)) for code in codes]

    def value(self, text):
        """What an expression of the kinds that we use is worth."""
        if found := re.fullmatch(r"\$\{\{ vars\.(\w+) \|\| '(.*)' \}\}", text):
            return self.variables.get(found[1], found[2])
        if found := re.fullmatch(r"\$\{\{ (?:secrets|inputs|github)\.(\w+) \}\}", text):
            return self.variables[found[1]]
        if found := re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.(\w+) \}\}", text):
            return self.outputs[found[1]][found[2]]
        return text

    def run(self, script, files):
        """One step by bash; returns its outputs."""
        files.mkdir()
        (files / "script.sh").write_text(script)
        names = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH")
        for name in names:
            (files / name).touch()
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", files / "script.sh"],
            cwd=self.folder / "work",
            env=environment(f"{self.folder.parent}:{self.programs}", self.folder)
            | {name: str(files / name) for name in names}
            | {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": "ada"}
            | self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        self.log += done.stdout
        self.summary += (files / "GITHUB_STEP_SUMMARY").read_text()
        assert done.returncode == 0, done.stdout + done.stderr
        lines = (files / "GITHUB_OUTPUT").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def repository(tmp_path):
    folder = start("layers", tmp_path).parent
    furnish(folder, reporter=True)
    return folder


def test_the_repository_of_a_student_is_complete(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["start", "layers", "--github"])
    assert done.stdout == "layers/layers.ipynb\n"
    files = {str(path.relative_to("layers")) for path in Path("layers").rglob("*")}
    assert files >= {
        *(".gitignore", ".github/workflows/classroom.yml"),
        *("README.md", "exercises.json", "layers.ipynb"),
    }
    assert "# Backward passes of layers" in Path("layers/README.md").read_text()
    assert not [file for file in Path("layers").rglob("*.*") if "@" in file.name]
    assert not re.search("@[A-Z]+@", Path("layers", WORKFLOW).read_text())


def test_a_folder_that_holds_no_assignment_is_not_furnished(tmp_path):
    with pytest.raises(UsageError, match=r"exercises\.json"):
        furnish(tmp_path)


@pytest.mark.parametrize("text", [*WORKFLOWS.values(), GRADING.read_text()], ids=NAMES)
def test_github_accepts_the_workflow(text, tmp_path):
    file = tmp_path / "classroom.yml"
    file.write_text(text)
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    command = [*check, "vendor.github-workflows", file]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("text", WORKFLOWS.values(), ids=WORKFLOWS.keys())
def test_the_workflow_is_pinned_and_has_few_permissions(text):
    content = yaml.safe_load(text)
    (job,) = content["jobs"].values()
    uses = [step["uses"] for step in job["steps"] if "uses" in step]
    reporter = "classroom-resources/autograding-grading-reporter@v1"  # as its users have it
    assert all(PINNED.match(one) for one in uses if one != reporter)
    assert (content["name"], list(content["jobs"])) == (
        *("Autograding Tests", ["run-autograding-tests"]),
    )
    assert content["permissions"] == {"contents": "read"}
    assert job["steps"][0]["with"] == {"persist-credentials": False}
    assert job["timeout-minutes"] <= 15
    assert "secrets" not in text


def test_zizmor_has_nothing_to_say(tmp_path):
    file = tmp_path / WORKFLOW
    file.parent.mkdir(parents=True)
    file.write_text(WORKFLOWS["plain"])
    command = [Path(sys.executable).parent / "zizmor", "--offline", "--no-progress"]
    zizmor = [*command, tmp_path, GRADING]
    done = subprocess.run(zizmor, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.xdist_group("fresh venv")
def test_a_runner_that_plays_the_workflow_grades_the_push(repository, tmp_path):
    shutil.copy(ROOT / "submissions" / "chidi" / "layers" / "layers.ipynb", repository)
    runner = Runner(tmp_path / "runner", {"GRADER_INSTALL": str(wheel())})
    runner.play(repository, WORKFLOW)
    assert "## layers: 42 / 60" in runner.summary
    assert [name for name, _, _ in orders(runner.log)].count("error") == 3
    assert sum(map(table, runner.reported)) == sum(map(notice, runner.reported)) == 42


@pytest.mark.xdist_group("fresh venv")
def test_the_official_workflow_grades_fresh_clones_and_names_a_forged_score(tmp_path):
    for name, old, new in (("ada", "", ""), ("bao", "upstream.sum(axis=0)", "upstream[0]")):
        solved(tmp_path / "github" / f"layers-{name}" / "layers.ipynb", "layers", old, new)
    (tmp_path / "github" / "something-else").mkdir()
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    private = tmp_path / "private"
    shutil.copytree(ROOT / "reference", private / "reference")
    shutil.copy(GRADING, private)
    secrets = {"CLONE_TOKEN": "t", "GRADER_SECRET": SECRET}
    inputs = {"GRADER_INSTALL": str(wheel()), "prefix": "layers-", "repository_owner": "school"}
    runner = Runner(tmp_path / "runner", secrets | inputs)
    runner.play(private, GRADING.name)
    assert re.search(r"bao +layers +60 +58 +claims more", runner.summary)
    assert "ada" not in runner.summary
    results = json.loads((tmp_path / "runner" / "work" / "graded" / "results.json").read_text())
    assert [one["student"] for one in results["submissions"]] == ["ada", "bao"]


@pytest.mark.xdist_group("fresh venv")
def test_the_bundle_of_classroom_50_grades_a_push(tmp_path):
    bundle = classroom50.bundle("layers", tmp_path / "autograders")
    shutil.copy(wheel(), bundle)
    checkout = solved(tmp_path / "work" / "layers.ipynb").parent
    (checkout / "grader.py").write_text("print('the student says 60')")
    (checkout / "pip.py").write_text("raise SystemExit(0)")
    programs = venv(other())
    done = subprocess.run(
        [programs / "python", bundle / "autograder.py"],
        cwd=checkout,
        env=environment(programs, tmp_path) | CLASSROOM50,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads((checkout / "result.json").read_text())
    Draft202012Validator(RESULT).validate(result)
    assert (result["score"], result["max-score"]) == (60, 60)
    assert "## layers: 60 / 60" in (checkout / "release-body.md").read_text()
    assert "the student says" not in done.stdout


def test_the_bundle_holds_no_reference(tmp_path):
    bundle = classroom50.bundle("layers", tmp_path)
    assert sorted(path.name for path in bundle.iterdir()) == ["autograder.py", "exercises.json"]
    assert "@VERSION@" not in (bundle / "autograder.py").read_text()
    compile((bundle / "autograder.py").read_text(), "autograder.py", "exec")


def test_a_bundle_is_not_written_over_another(tmp_path):
    classroom50.bundle("layers", tmp_path)
    with pytest.raises(UsageError, match="left as it is"):
        classroom50.bundle("layers", tmp_path)
    with pytest.raises(UsageError, match="no assignment layer"):
        classroom50.bundle("layer", tmp_path)


def test_the_command_writes_the_bundle_and_asks_for_the_assignment(tmp_path):
    words = ["export", "classroom50-bundle", "--to", str(tmp_path)]
    asked = CliRunner().invoke(cli, words)
    assert (asked.exit_code, "grader export classroom50-bundle layers" in asked.stderr) == (2, True)
    other = CliRunner().invoke(cli, ["export", "csv", "layers"])
    assert (other.exit_code, "leave layers out" in other.stderr) == (2, True)
    done = CliRunner().invoke(cli, [*words, "layers"])
    assert (done.exit_code, done.stdout.strip()) == (0, str(tmp_path / "layers"))
    assert CliRunner().invoke(cli, ["export", "junit", "layers"]).exit_code == 2


def commands(page):
    """The calls of grader that a page shows, word by word."""
    text = page.read_text()
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    shown = re.findall(r"^grader .*", blocks, re.MULTILINE)
    for line in [*shown, *re.findall(r"`(grader [a-z][^`]*)`", text)]:
        yield pytest.param(shlex.split(line, comments=True), id=line)


@pytest.mark.parametrize(
    "words", [one for name in ("github", "classroom50") for one in commands(DOCS / f"{name}.md")]
)
def test_what_the_pages_call_is_there(words):
    command = cli.commands[words[1]]
    options = {name for one in command.params for name in one.opts}
    assert {word for word in words if word.startswith("--")} <= options
