"""What README and docs/ say about the assignments is what the references say."""

import re
from pathlib import Path

import pytest

from grader.assignment import load

ROOT = Path(__file__).parent.parent
ROW = re.compile(
    r"^\| \[(?P<slug>\w+)\]\(assignments/(?P=slug)/(?P=slug)\.ipynb\) \| (?P<names>.+) "
    r"\| (?P<points>\d+) \| about (?P<hours>\d+) \| \[page\]\(docs/(?P=slug)\.md\) \|$",
    re.MULTILINE,
)
TOLD = {row["slug"]: row for row in ROW.finditer((ROOT / "README.md").read_text())}
PAGES = {path.stem: load(path) for path in sorted((ROOT / "reference").glob("*.py"))}
HEADINGS = ["What it teaches", "What is tested", "Typical mistakes", "Time"]

each_told = pytest.mark.parametrize("slug", TOLD)


@each_told
def test_the_readme_names_the_exercises_and_their_points(slug):
    page = PAGES[slug]
    assert TOLD[slug]["names"].split(", ") == [one.name for one in page.exercises]
    assert int(TOLD[slug]["points"]) == page.max_score


def test_the_readme_has_a_row_for_every_assignment_with_a_page_for_instructors():
    written = {slug for slug in PAGES if (ROOT / "docs" / f"{slug}.md").exists()}
    assert TOLD.keys() == written


@each_told
def test_a_page_for_instructors_has_the_usual_sections(slug):
    text = (ROOT / "docs" / f"{slug}.md").read_text()
    assert text.startswith(f"# {PAGES[slug].title}: for instructors\n")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS


@each_told
def test_readme_and_page_expect_the_same_hours(slug):
    text = (ROOT / "docs" / f"{slug}.md").read_text()
    assert re.findall(r"Plan about (\d+) hours", text) == [TOLD[slug]["hours"]]


@each_told
def test_a_page_for_instructors_gives_the_points_of_the_page(slug):
    page, text = PAGES[slug], (ROOT / "docs" / f"{slug}.md").read_text()
    assert f"{page.max_score} points" in text.split("## ")[0]
    table = text.split("## What it teaches")[1].split("## ")[0]
    rows = re.findall(r"^\| (`.+) \| (.+?) \| .+ \|$", table, re.MULTILINE)
    told = {name: points for names, points in rows for name in re.findall(r"`(\w+)`", names)}
    assert {name: total(points) for name, points in told.items()} == {
        one.name: one.max_score for one in page.exercises
    }


def total(points):
    """dx 2, dW 2, db 2; or: weights 2 + 2 + 1."""
    return sum(int(number) for number in re.findall(r"(?<=[ +])(\d+)\b", points))


@each_told
def test_a_page_for_instructors_says_how_long_grading_takes(slug):
    text = (ROOT / "docs" / f"{slug}.md").read_text()
    measured = text.split("<!-- benchmarks/assignments.py -->")[1].split("<!-- end -->")[0]
    assert re.search(r"right [\d.]+ m?s, wrong [\d.]+ m?s, empty [\d.]+ m?s\.", measured)
