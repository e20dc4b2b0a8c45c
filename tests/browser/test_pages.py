"""The pages in a real browser, opened from disk: axe-core finds nothing, everybody can use them.

axe-core is fetched with npm into a temporary folder, at a fixed version, where there is npm and a
network, or taken from the file that AXE names.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
from handed_out import LOOPED, PARTIAL, REJECTED, REPORT, RIGHT, report

from grader.course import Course, Late, Override
from grader.publish import publish
from grader.result import Grid, Learned, Map

sync_api = pytest.importorskip("playwright.sync_api")

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
SANDBOX = [] if not hasattr(os, "geteuid") or os.geteuid() else ["--no-sandbox"]
pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="no chromium; apt-get install chromium"),
    pytest.mark.xdist_group("browser"),
]

PLACES = ((-0.5, 0.0), (0.5, 0.0))
MAP = Map((-1.0, -1.0), (1.0, 1.0), ((10, 40, 90),) * 3, PLACES)
LEARNED = Learned(0.9, 0.8, 2, (0, 1), (1.0, 0.5), (1.0, 0.4), (0, 1), MAP, MAP, MAP)
AXE_VERSION = "4.14.1"
FEEDBACK, INDEX = "feedback/ada/layers.html", "index.html"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LEGIBLE = 9  # pixels
LETTERS = """() => [...document.querySelectorAll('figure svg text')].map(one => {
  const scale = one.getScreenCTM();
  return parseFloat(getComputedStyle(one).fontSize) * Math.hypot(scale.b, scale.d); })"""
RUN_AXE = f"axe.run(document, {{runOnly: {RULES}}})"


@pytest.fixture(scope="session")
def axe(tmp_path_factory):
    if given := os.environ.get("AXE"):
        return Path(given).read_text(encoding="utf-8")
    npm, folder = shutil.which("npm"), tmp_path_factory.mktemp("axe")
    if not npm:
        pytest.skip("no npm to fetch axe-core with, and AXE names no axe.min.js")
    command = [npm, "pack", "--silent", f"axe-core@{AXE_VERSION}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    if done.returncode:
        pytest.skip("npm cannot fetch axe-core; AXE can name an axe.min.js")
    (packed,) = folder.glob("*.tgz")
    shutil.unpack_archive(packed, folder, filter="data")
    return (folder / "package/axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The pages of a class of a thousand, with everything that can be on them."""
    from dataclasses import asdict
    from datetime import UTC, datetime

    folder = tmp_path_factory.mktemp("graded")
    long = replace(RIGHT, name="ScaledDotProductAttention")
    students = [report(f"student{n:04}", PARTIAL if n % 3 else LOOPED, RIGHT) for n in range(996)]
    (finding,) = PARTIAL.findings
    shown = replace(finding, grid=Grid((3, 2), (1, 1), (".3", "14", "2x"), 5))
    drawn = replace(RIGHT, name="train", learned=LEARNED)
    exercises = (replace(PARTIAL, findings=(shown,)), RIGHT, drawn)
    late = replace(REPORT, submitted="2026-01-12T12:00:00+00:00", exercises=exercises)
    rejected = (REJECTED, replace(REJECTED, student="王芳"))
    other = replace(report("bo", long), assignment="sequences")
    everybody = map(asdict, (late, *rejected, other, *students))
    rules = Course(
        late=Late(percent_per_day=10),
        due={"layers": datetime(2026, 1, 11, tzinfo=UTC)},
        overrides=(Override("ada", "layers", "Affine", 5.0, "see mail"),),
    )
    publish(folder, everybody, rules, ("0.1.0", "none"), pytest.fail)
    return folder


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=SANDBOX)
        yield browser
        browser.close()


@pytest.fixture
def look(browser, pages):
    contexts = []

    def look(page, **settings):
        contexts.append(browser.new_context(**settings))
        seen = contexts[-1].new_page()
        seen.problems = []
        seen.on("console", lambda message: seen.problems.append(message.text))
        seen.on("pageerror", lambda error: seen.problems.append(str(error)))
        seen.goto((pages / page).as_uri())
        return seen

    yield look
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1000])
@pytest.mark.parametrize("page", [FEEDBACK, INDEX])
def test_axe_finds_no_violation(look, axe, page, scheme, width):
    seen = look(
        page,
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        bypass_csp=True,  # for axe alone
    )
    seen.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    # The first rows stand for the thousand, which would take axe a minute.
    for many in ("#rows tbody tr", ".people li"):
        seen.evaluate(
            f"[...document.querySelectorAll('{many}')].slice(20).map(one => one.remove())"
        )
    seen.evaluate(axe)
    found = seen.evaluate(RUN_AXE)["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in found] == []


@pytest.mark.parametrize("page", [FEEDBACK, INDEX])
def test_nothing_is_fetched_nothing_is_refused_and_nothing_sticks_out(look, page):
    for width in (320, 400, 1000):
        seen = look(page, viewport={"width": width, "height": 900})
        assert seen.evaluate("document.documentElement.scrollWidth") == width
        assert seen.problems == []
        assert seen.evaluate("performance.getEntriesByType('resource').length") == 0


def test_a_class_of_a_thousand_opens(look):
    seen = look(INDEX)
    assert seen.locator("#shown").inner_text() == "1000 of 1000 shown"


def students(seen):
    return seen.locator("#rows tbody tr:not([hidden]) th").all_inner_texts()


def test_the_table_is_searched_filtered_and_sorted_by_keyboard(look):
    seen = look(INDEX)
    seen.get_by_role("searchbox").press_sequentially("student000")
    assert seen.get_by_role("status").inner_text() == "10 of 1000 shown"
    seen.get_by_label("State").select_option("stopped")
    assert students(seen) == [f"student000{n}" for n in (0, 3, 6, 9)]
    seen.get_by_label("State").select_option("")
    points = seen.get_by_role("columnheader", name="Points")
    points.get_by_role("button").focus()
    seen.keyboard.press("Enter")
    assert points.get_attribute("aria-sort") == "ascending"
    assert students(seen)[0] == "student0000"
    seen.keyboard.press("Enter")
    assert points.get_attribute("aria-sort") == "descending"
    assert students(seen)[0] == "student0001"


def test_the_contents_lead_to_assignments_and_to_the_table(look):
    seen = look(INDEX)
    links = seen.get_by_role("navigation", name="Contents").get_by_role("link")
    reached = []
    for link in links.all():
        link.click()
        reached.append((link.inner_text(), seen.locator(":target").inner_text()))
    same = [(name, name) for name in ("layers", "sequences")]
    assert reached == [*same, ("Table of submissions", "Submissions")]


def test_late_and_rejected_can_be_found(look):
    seen = look(INDEX)
    for state, names in {"late": ["ada"], "rejected": ["carl", "王芳"]}.items():
        seen.get_by_label("State").select_option(state)
        assert students(seen) == names


def test_without_a_script_all_is_there_but_the_form(look):
    seen = look(INDEX, java_script_enabled=False)
    assert seen.locator("#rows tbody tr").count() == 1000
    assert not seen.locator("#filter").is_visible()
    assert not seen.locator("th button").count()


def test_a_link_leads_to_the_students_page(look):
    seen = look(INDEX)
    seen.locator("#rows").get_by_role("link", name="ada").click()
    assert seen.url.endswith(FEEDBACK)
    assert "see mail" in seen.locator("main").inner_text()
    marked = seen.locator(".marked").inner_text()
    assert "self.db = upstream.mean(0)" in marked


@pytest.mark.parametrize("width", [400, 1000])
def test_the_letters_of_every_picture_can_be_read(look, width):
    for page, figures in ((FEEDBACK, 5), (INDEX, 1)):
        seen = look(page, viewport={"width": width, "height": 900})
        assert seen.locator("figure svg[role=img]").count() == figures
        sizes = seen.evaluate(LETTERS)
        assert min(sizes) >= LEGIBLE


def test_paper_is_white_however_dark_the_screen(look):
    seen = look(FEEDBACK, color_scheme="dark")
    colour = "getComputedStyle(document.querySelector('.badge')).color"
    dark = seen.evaluate(colour)
    seen.emulate_media(media="print", color_scheme="dark")
    printed = seen.evaluate(colour)
    assert printed != dark
    assert printed == look(FEEDBACK, color_scheme="light").evaluate(colour)


def test_a_printed_page_shows_the_code_and_no_form(look, tmp_path):
    seen = look(INDEX)
    seen.emulate_media(media="print")
    assert not seen.locator("#filter").is_visible()
    assert seen.locator(".code").first.is_visible()
