"""docs/authoring.md, followed literally in an empty folder.

console blocks: each line after $ is run, and the lines below it are what it must print, where ...
stands for anything. diff blocks: each hunk must fit the file at exactly one place. A block whose
first line is a comment that names a file is that file.
"""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from grader.exercise import DRAWS, Exercise, Variation
from grader.new import kinds

TEXT = (Path(__file__).parent.parent / "docs" / "authoring.md").read_text()
BLOCK = re.compile(r"^```(console|diff|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (.+)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
SESSION = """
cd "$(cat "$SESSION/folder")"; source "$SESSION/variables"
{command}
code=$?; export -p > "$SESSION/variables"; pwd > "$SESSION/folder"; exit $code
"""


class Author:
    """Somebody at a shell: folder and variables last from command to command."""

    def __init__(self, folder, home):
        self.home = home
        (home / "folder").write_text(str(folder))
        (home / "variables").write_text("")
        names = {name: str(home / name) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environment = {"PATH": path, "LANG": "C.UTF-8", "SESSION": str(home), **names}

    @property
    def folder(self):
        return Path((self.home / "folder").read_text().strip())

    def console(self, text):
        for command, wanted in COMMAND.findall(text):
            done = subprocess.run(
                ["bash", "-c", SESSION.format(command=command)],
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}"
            assert fits(wanted, done.stdout), f"{command}\n{done.stdout}\nis not\n{wanted}"

    def diff(self, text):
        name, *hunks = re.split(r"^@@\n", text, flags=re.MULTILINE)
        path = self.folder / name.removeprefix("--- ").strip()
        for hunk in hunks:
            path.write_text(changed(path.read_text(), hunk))

    def toml(self, text):
        name = text.splitlines()[0].removeprefix("# ")
        (self.folder / name).write_text(text)


def fits(wanted, printed):
    lines = [line.rstrip() for line in wanted.splitlines()]
    pattern = "".join(r"(?:.*\n)*" if line == "..." else f"{_line(line)}\n" for line in lines)
    plain = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return re.fullmatch(pattern, plain) is not None


def _line(wanted):
    return ".*".join(map(re.escape, wanted.split("...")))


def changed(text, hunk):
    lines = hunk.splitlines()
    before, after = (
        "".join(f"{line[1:]}\n" for line in lines if line[:1] != sign) for sign in ("+", "-")
    )
    assert text.count(before) == 1, f"{text.count(before)} places for\n{before}"
    return text.replace(before, after)


def test_an_author_gets_from_an_empty_folder_to_a_graded_class(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    author = Author(tmp_path, home)
    blocks = BLOCK.findall(TEXT)
    for kind, text in blocks:
        getattr(author, kind)(text)
    assert {kind for kind, _ in blocks} == {"console", "diff", "toml"}
    assert (author.folder / "graded" / "index.html").exists()


def test_no_block_escapes_the_test():
    assert TEXT.count("```") == 2 * len(BLOCK.findall(TEXT))


@pytest.mark.parametrize("kind", [Exercise, Variation])
def test_every_field_is_explained(kind):
    assert {one.name for one in fields(kind)} <= set(re.findall(r"^\| `(\w+)`", TEXT, re.MULTILINE))


def test_the_draws_that_are_explained_exist():
    told = set(re.findall(r"^\| `([A-Z]\w+)\(", TEXT, re.MULTILINE))
    assert {"Uniform", "Integers", "Spread", "Sparse"} <= told <= DRAWS.keys()


def test_every_skeleton_is_listed():
    table = TEXT.split("There are skeletons of these kinds:")[1].split("##")[0]
    assert sorted(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == kinds()


@pytest.mark.parametrize(
    ("wanted", "printed", "does"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n", "a\nb\n", False),
        ("a\n...\n", "a\nb\nc\n", True),
        ("...\nc\n", "a\nb\n", False),
        ("", "a\n", False),
    ],
)
def test_output_is_compared(wanted, printed, does):
    assert fits(wanted, printed) is does
