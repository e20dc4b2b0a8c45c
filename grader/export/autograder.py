"""The zip that Gradescope asks for under "Configure Autograder": our grader and one key.

The key is plain data, so that the reference stays at home. It lies in a folder of its own, which
student code cannot read; the isolation proves that before anything is run.
"""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import store
from grader.assignment import find, load
from grader.errors import UsageError, cannot_write
from grader.kinds import KINDS
from grader.oracle import reference_key
from grader.sandbox.host import sandbox
from grader.suspects import with_suspects

PACKAGE = Path(__file__).parent.parent
LEFT_OUT = ("course", "__pycache__")
PACKAGES = {"numpy": ("numpy>=1.26", "matplotlib>=3.8"), "torch": ("torch>=2.2",)}  # by flavour
SCRIPTS = {
    "setup.sh": """\
#!/usr/bin/env bash
# Run once by Gradescope, on Ubuntu 22.04, whose own Python is too old.
set -euo pipefail
base=${{AUTOGRADER:-/autograder}}
apt-get update -q
apt-get install -q -y --no-install-recommends python3.11 python3.11-venv
python3.11 -m venv "$base/venv"
"$base/venv/bin/python" -m pip install -q {packages}
chmod -R go= "$base/source/key"
""",
    "run_autograder": """\
#!/usr/bin/env bash
# Run by Gradescope for every submission. A word "none" after the last path runs student code
# unprotected, where the platform allows no isolation.
set -euo pipefail
base=${{AUTOGRADER:-/autograder}}
cd "$base/source"
exec "${{PYTHON:-$base/venv/bin/python}}" -m grader.autograde \\
  key "$base/submission" "$base/results/results.json"
""",
}


def write(slug: str, secret: str, path: Path) -> Path:
    """Write the zip for an assignment of the nearest reference folder.

    Raises:
        UsageError: there is no such page, or the zip cannot be written
    """
    pages = _reference()
    if slug not in find(pages):
        raise UsageError(f"no assignment is called {slug}; there are: {', '.join(find(pages))}")
    page = load(pages / f"{slug}.py")
    with TemporaryDirectory() as scratch, sandbox(private=(pages.resolve(),)) as box:
        key = Path(scratch, "key.npz")
        store.write(with_suspects(reference_key(page, secret), page, box), key)
        try:
            with (
                open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            ):
                archive.write(key, "key/key.npz")
                _fill(archive, {"numpy"} | {KINDS[one.kind].flavour for one in page.exercises})
        except OSError as error:
            raise cannot_write(str(path), error) from error
    return path


def _fill(archive: zipfile.ZipFile, flavours: Collection[str]) -> None:
    for file in _package():
        archive.write(file, f"grader/{file.relative_to(PACKAGE).as_posix()}")
    packages = [
        f'"{one}"' for flavour in PACKAGES if flavour in flavours for one in PACKAGES[flavour]
    ]
    for name, text in SCRIPTS.items():
        member = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        member.external_attr = (stat.S_IFREG | 0o755) << 16
        archive.writestr(member, text.format(packages=" ".join(packages)))


def _package() -> Iterator[Path]:
    for file in sorted(PACKAGE.rglob("*")):
        if file.is_file() and not set(LEFT_OUT) & set(file.relative_to(PACKAGE).parts):
            yield file


def _reference() -> Path:
    here = Path.cwd()
    for place in (here, *here.parents):
        if (place / "reference").is_dir():
            return place / "reference"
    raise UsageError("no folder reference/ here or above; go to where the assignments are made")
