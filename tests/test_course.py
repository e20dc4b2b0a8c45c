"""The bundled course as it stands: every page audited, every student folder up to date."""

from pathlib import Path

import pytest

from grader.assignment import find, load
from grader.template import stale

ROOT = Path(__file__).parent.parent
SLUGS = find(ROOT / "reference")


@pytest.mark.parametrize("slug", SLUGS)
def test_the_student_folder_is_what_the_reference_makes(slug):
    page = load(ROOT / "reference" / f"{slug}.py")
    assert stale(page, ROOT / "assignments" / slug) == [], "run: grader build"


@pytest.mark.parametrize("slug", SLUGS)
def test_points_are_whole_numbers(slug):
    page = load(ROOT / "reference" / f"{slug}.py")
    assert all(type(n) is int for one in page.exercises for n in one.points.values())
