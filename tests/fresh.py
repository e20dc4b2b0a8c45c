"""Machines that have never seen the grader: other interpreters, each with an empty venv."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
_PLACE = tempfile.TemporaryDirectory(prefix="grader-fresh-")
_ASK = "import sys, ensurepip; print('%d.%d' % sys.version_info[:2], sys._base_executable)"


@cache
def interpreters():
    """The newest of each version that can be found, on the PATH or from pyenv."""
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob("*/bin/python3"))
    named = [path for version in VERSIONS if (path := shutil.which(f"python{version}"))]
    found = {}
    for path in [*named, *map(str, pyenv), sys.executable]:
        done = subprocess.run([path, "-c", _ASK], capture_output=True, text=True, check=False)
        version, _, base = done.stdout.strip().partition(" ")
        if version in VERSIONS:
            found[version] = base
    return {version: found[version] for version in VERSIONS if version in found}


def other():
    """The newest that is not the one the tests run on, if there is another."""
    running = ".".join(map(str, sys.version_info[:2]))
    versions = [version for version in interpreters() if version != running]
    return versions[-1] if versions else running


@cache
def wheel():
    folder = Path(_PLACE.name, "wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@cache
def venv(version):
    """The folder with the programs of an empty venv."""
    folder = Path(_PLACE.name, f"venv-{version}")
    subprocess.run([interpreters()[version], "-m", "venv", folder], check=True)
    return folder / "bin"


def environment(programs, home):
    """The variables of a machine that has nothing but these programs and a way to packages."""
    kept = {name: os.environ[name] for name in os.environ if re.match("PIP_|LANG$|SSL_", name)}
    return kept | {"PATH": f"{programs}:/usr/bin:/bin", "HOME": str(home)}
