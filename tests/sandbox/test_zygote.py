"""What every worker inherits: one thread, no shared memory, nothing of the instructor's."""

import os
import re
from pathlib import Path

import pytest

from grader.sandbox import nursery
from grader.sandbox.flavours import FLAVOURS
from grader.sandbox.host import sandbox

SHARED_AND_WRITABLE = re.compile(r"^\S+ .w.s ", re.MULTILINE)


@pytest.fixture(scope="module", params=FLAVOURS)
def zygote(request):
    os.environ["GRADER_TEST_SECRET"] = "instructor"
    with sandbox(lent=request.param) as place:
        place.self_test()
        yield Path("/proc", str(place._nurseries[request.param].process.pid))
    del os.environ["GRADER_TEST_SECRET"]


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="a hidden process shows this to root only")


@needs_root
def test_the_zygote_has_one_thread(zygote):
    assert len(list((zygote / "task").iterdir())) == 1


@needs_root
def test_the_zygote_shares_no_writable_memory(zygote):
    assert not SHARED_AND_WRITABLE.findall((zygote / "maps").read_text())


@needs_root
def test_the_zygote_has_only_descriptors_that_are_known(zygote):
    links = {int(one.name): os.readlink(one) for one in (zygote / "fd").iterdir()}
    ruleset = next(number for number, link in links.items() if "landlock" in link)
    assert {links.pop(number) for number in range(5)} == {"/dev/null"}
    assert links.keys() == {ruleset, 10}
    assert links[10].startswith("socket:")


@needs_root
def test_the_environment_is_built_not_inherited(zygote):
    assert b"GRADER_TEST_SECRET" not in (zygote / "environ").read_bytes()


@needs_root
def test_the_zygote_gained_no_privilege_and_can_gain_none(zygote):
    status = dict(re.findall(r"(\w+):\s*(.*)", (zygote / "status").read_text()))
    powers = [int(status[name], 16) for name in ("CapPrm", "CapEff", "CapAmb", "CapInh")]
    assert powers == [0, 0, 0, 0]
    assert (status["NoNewPrivs"], status["Seccomp"], status["Threads"]) == ("1", "2", "1")


def test_a_worker_sees_no_environment_but_the_one_that_was_built(play):
    reply, _ = play(f"import os\ndef f(x): return set(os.environ) <= {set(nursery.ENVIRONMENT)}")
    assert reply.outcomes[0].arrays["y"]


def test_a_worker_sees_five_descriptors(play):
    reply, _ = play(
        "import os\ndef is_open(n):\n    try:\n        os.fstat(n)\n        return True\n"
        "    except OSError:\n        return False\n"
        "def f(x): return [is_open(n) for n in range(64)]"
    )
    assert reply.outcomes[0].arrays["y"].tolist() == [True] * 5 + [False] * 59
