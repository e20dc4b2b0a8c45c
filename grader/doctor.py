"""What this machine offers to the grader, and what to do about what is missing."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from grader import __version__
from grader.sandbox.probe import probe
from grader.secret import origin

EXTRAS = {  # distribution: what it is for, and how to get it
    "torch": ("torch exercises", "pip install 'autograd-grader[torch]'"),
    "jupyterlab": ("working in notebooks", "pip install jupyterlab"),
    "nbgrader": ("export to nbgrader", "pip install 'autograd-grader[nbgrader]'"),
    "distributed": ("grading on a cluster", "pip install 'autograd-grader[cluster]'"),
}


def facts(environment: Mapping[str, str]) -> dict[str, Any]:
    """Everything the doctor knows, ready for JSON."""
    walls = probe()
    return {
        "grader": __version__,
        "python": platform.python_version(),
        "numpy": version("numpy"),
        "system": f"{walls.system} {platform.release()} {walls.architecture}",
        "cores": cores(),
        "isolation": {
            "in_force": walls.self_test == "passed",
            "self_test": walls.self_test,
            "landlock_abi": walls.landlock_abi,
            "seccomp": walls.has_seccomp,
            "student_code_runs_as": walls.user,
        },
        "secret": origin(environment),
        "extras": {name: _version(name) for name in EXTRAS},
        "advice": [*walls.advice, *_missing()],
    }


def cores() -> int:
    """Those that this process may use, which in a container can be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def text(found: Mapping[str, Any]) -> str:
    """The facts for a person."""
    isolation = found["isolation"]
    walls = f"Landlock ABI {isolation['landlock_abi'] or 'missing'}, seccomp "
    walls += "present" if isolation["seccomp"] else "missing"
    lines = {
        "grader": f"{found['grader']}, Python {found['python']}, numpy {found['numpy']}",
        "system": f"{found['system']}, {found['cores']} cores",
        "isolation": f"{'in force' if isolation['in_force'] else 'NOT in force'} ({walls})",
        "students run": f"as {isolation['student_code_runs_as'] or 'nobody: nothing is run'}",
        "secret": found["secret"],
        "extras": ", ".join(
            f"{name} {have or 'missing'}" for name, have in found["extras"].items()
        ),
    }
    told = [f"{name:<14}{value}" for name, value in lines.items()]
    return "\n".join([*told, *(f"\nto do: {one}" for one in found["advice"])]) + "\n"


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _missing() -> list[str]:
    return [
        f"{name} is missing ({purpose}): {command}"
        for name, (purpose, command) in EXTRAS.items()
        if _version(name) is None
    ]
