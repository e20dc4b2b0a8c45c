"""What many tests share: one sandbox, and the keys of the bundled assignments."""

from functools import cache
from pathlib import Path

import pytest

from grader.assignment import load
from grader.oracle import reference_key
from grader.sandbox.host import sandbox
from grader.suspects import with_suspects

ROOT = Path(__file__).parent.parent
SECRET = "a secret of the tests"


@pytest.fixture(scope="session")
def box():
    with sandbox() as open_box:
        yield open_box


@pytest.fixture(scope="session")
def key_of(box):
    @cache
    def key_of(slug):
        page = load(ROOT / "reference" / f"{slug}.py")
        return with_suspects(reference_key(page, SECRET), page, box)

    return key_of
