"""What this machine offers for isolation, and what to do about what is missing."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass

from grader.errors import SandboxError
from grader.sandbox import host, landlock, seccomp

FULL_ABI = 3


@dataclass(frozen=True)
class Facts:
    """landlock_abi is 0 where there is none; self_test is "passed" or says what failed; user is
    as whom student code would run; advice is for a person, empty where all is well."""

    system: str
    architecture: str
    landlock_abi: int
    has_seccomp: bool
    self_test: str
    user: str
    advice: tuple[str, ...]


def probe() -> Facts:
    """Ask the kernel by the calls themselves, then start one locked process and end it."""
    self_test, user = _try()
    return Facts(
        system=platform.system(),
        architecture=platform.machine(),
        landlock_abi=landlock.abi(),
        has_seccomp=seccomp.is_available(),
        self_test=self_test,
        user=user,
        advice=tuple(_advice(self_test, user)),
    )


def _try() -> tuple[str, str]:
    try:
        with host.sandbox() as tried:
            return "passed", tried.self_test()
    except SandboxError as error:
        return str(error), ""


def _advice(self_test: str, user: str) -> list[str]:
    abi = landlock.abi()
    advice = []
    if missing := host.missing_walls():
        advice.append(f"no {' and no '.join(missing)}: {host.WAYS_OUT}")
    elif self_test != "passed":
        advice.append(f"the self-test failed, so nothing will be run: {self_test}")
    if 0 < abi < FULL_ABI:
        advice.append(
            f"Landlock ABI {abi} is old; seccomp covers the rest, a newer kernel is better"
        )
    if os.getuid() == 0 and user.startswith("uid 0"):
        advice.append(
            "student code runs as uid 0 without capabilities, because another user cannot read "
            "this Python; install it outside of root's home to add one more wall"
        )
    return advice
