#!/usr/bin/env python3
"""Set up and run, with the standard library alone. Linux, macOS, Windows.

    python3 tasks.py demo     set up .venv, grade the sample class in submissions/
    python3 tasks.py test     set up .venv with everything the tests need, run them

More words after the command are passed on: python3 tasks.py test -k wire
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
TASKS = {  # name: (extra to install, what to run)
    "demo": ("", ["-m", "grader", "run", "submissions"]),
    "test": ("[dev]", ["-m", "pytest", "-n", "auto", "--dist", "loadfile"]),
}


def main(words: list[str]) -> int:
    if not words or words[0] not in TASKS:
        sys.exit(__doc__)
    if sys.version_info < (3, 11):  # noqa: UP036 -- to be told by the Python that is too old
        sys.exit(f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    extra, command = TASKS[words[0]]
    make_venv()
    install(extra)
    sys.stdout.flush()
    return subprocess.run([PYTHON, *command, *words[1:]], cwd=ROOT, check=False).returncode


def make_venv() -> None:
    """Make .venv, or make it anew where an interrupted attempt left it without pip."""
    probe = [PYTHON, "-m", "pip", "--version"]
    if PYTHON.exists() and not subprocess.run(probe, capture_output=True, check=False).returncode:
        return
    print("Making .venv", flush=True)
    try:
        venv.EnvBuilder(with_pip=True, clear=VENV.exists()).create(VENV)
    except (subprocess.CalledProcessError, SystemExit):
        sys.exit("Could not make .venv. On Debian or Ubuntu: sudo apt-get install python3-venv")


def install(extra: str) -> None:
    """Install the project into .venv, unless this pyproject.toml was installed already."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp = VENV / f"installed{extra}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing autograd-grader{extra} into .venv", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "-q", "-e", f".{extra}"]
    if subprocess.run(pip, cwd=ROOT, check=False).returncode:
        sys.exit("The installation failed; the lines above say why. Run the same command again.")
    stamp.write_text(wanted)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
