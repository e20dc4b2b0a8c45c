"""Attacks on the sandbox, as files beside this one, as every kind of user that may run a grader.

Each must fail, harm nothing and leave the rest working; and each must succeed without the walls,
as far as that is harmless, or it would prove nothing.
"""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
CHECKOUT = HERE.parents[1]
ATTACKS = {path.stem: path.read_text() for path in sorted((HERE / "attacks").glob("*.py"))}
CONTROLLED = [name for name, text in ATTACKS.items() if "\nNo control:" not in text]
USERS = {  # who: the flavour of process that student code runs in
    "root": "numpy",
    "powerless": "numpy",
    "other": "numpy",
    "plain": "numpy",
    "plain with torch": "torch",
    "root with torch": "torch",
}
CANNOT = 77


@functools.cache
def results(user, where):
    """What attacker.py reports when this user runs it; every process of pytest asks once."""
    attacker = [sys.executable, str(HERE / "attacker.py"), where]
    start = [sys.executable, str(HERE / "become.py"), user] if os.getuid() == 0 else []
    done = subprocess.run(
        [*start, *attacker],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if done.returncode == CANNOT:
        return None
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def known(who, where):
    user = who.split()[0]
    if os.getuid() != 0 and user != "plain":
        pytest.skip("only root can become somebody else; this run is the plain user's")
    found = results(user, where)
    if found is None:
        pytest.skip("another user cannot read this Python, and mounts are not permitted here")
    return found


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("who", USERS)
def test_an_attack_fails_and_harms_nothing(who, attack):
    found = known(who, USERS[who])["attacks"][attack]
    assert not found["worked"], found["outcome"]
    assert found["harm"] == []
    assert found["other answers"]


@pytest.mark.parametrize("attack", CONTROLLED)
def test_the_attack_works_without_the_walls(attack):
    found = known("plain", "bare")["attacks"][attack]
    assert found["worked"], found["outcome"]


@pytest.mark.parametrize("who", USERS)
def test_the_process_next_door_answers_after_all_attacks(who):
    found = known(who, USERS[who])
    assert found["neighbour answers"]
    assert found["left"] == []


def test_root_gives_its_workers_another_user_where_that_user_can_read_python():
    assert known("other", "numpy")["user"].startswith("uid 60")


def test_root_without_capabilities_keeps_its_user():
    assert known("powerless", "numpy")["user"] == "uid 0, no capabilities"
