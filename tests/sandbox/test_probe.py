"""What is said about a machine. Where a wall is missing, it is missing in a process of its own:
a filter takes it away there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.sandbox import host, probe

CHECKOUT = Path(__file__).parents[2]
BEGIN = """
import ctypes, dataclasses, json, platform
from grader.sandbox import host, limits, probe, seccomp
ctypes.CDLL(None).prctl(*map(ctypes.c_long, (38, 1, 0, 0, 0)))
machine = platform.machine()
"""
WITHOUT_LANDLOCK = """
gone, all_else = ((6, 0, 0, seccomp.UNKNOWN),), ((6, 0, 0, seccomp.ALLOW),)
seccomp.load(seccomp._assemble({444: gone}, all_else, machine))
print(json.dumps(dataclasses.asdict(probe.probe())))
"""
WITHOUT_ONE_WALL = """
seccomp.load(seccomp.zygote_program(machine))
seccomp.load(seccomp.worker_program(machine))
print(json.dumps(limits.failed_walls()))
"""


def elsewhere(code):
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code],
        check=True,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        timeout=60,
    )
    return json.loads(done.stdout)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these walls")


def test_the_doctor_learns_that_the_walls_stand():
    facts = probe.probe()
    assert (facts.self_test, facts.has_seccomp) == ("passed", True)
    assert facts.landlock_abi >= 1
    assert facts.user.startswith("uid ")


def test_without_landlock_nothing_runs_and_the_ways_out_are_named():
    facts = elsewhere(WITHOUT_LANDLOCK)
    assert facts["landlock_abi"] == 0
    assert facts["self_test"] == f"this system has no Landlock; {host.WAYS_OUT}"
    assert facts["advice"][0] == f"no Landlock: {host.WAYS_OUT}"
    assert "--isolation none" in host.WAYS_OUT


def test_the_self_test_names_a_wall_that_does_not_stand():
    assert elsewhere(WITHOUT_ONE_WALL) == ["files"]
