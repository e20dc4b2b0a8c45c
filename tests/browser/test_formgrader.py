"""After a push, formgrader in a real browser: the students' scores, our comments, and a person's
score that stands when we push again.

The screenshots in build/screenshots are there to be looked at.
"""

import re
import secrets
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))
from handed_out import LOOPED, REJECTED, REPORT, RIGHT, report, results
from test_jupyterlab import IS_ROOT, SHOTS, await_answer, browser_page, environment, stop
from test_jupyterlab import pytestmark as browser_marks

from grader.course import Course, Override
from grader.export.formats import write

pytest.importorskip("nbgrader")
pytestmark = browser_marks

BOB = report("bob", LOOPED, RIGHT)
RULES = Course(overrides=(Override("carl", "layers", "", 6.0, "by mail"),))


def push(course):
    results(course / "graded", REPORT, BOB, REJECTED, course=RULES)
    list(write("nbgrader", course / "graded", course, None))


@contextmanager
def server(course, home):
    """Jupyter's server with formgrader on a free port of this machine; gone afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, base, log = secrets.token_hex(16), f"http://127.0.0.1:{port}", home / "server.log"
    options = [
        *("--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"),
        *(f"--ServerApp.root_dir={course}", *(["--allow-root"] if IS_ROOT else [])),
    ]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", *options],
            cwd=course,
            env=environment(home, token),
            stdout=file,
            stderr=file,
        )
        try:
            await_answer(process, f"{base}/api?token={token}", log)
            yield base, token
        finally:
            stop(process)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    settings = 'c = get_config()\nc.CourseDirectory.course_id = "autograd"\n'
    (course / "nbgrader_config.py").write_text(settings)
    push(course)
    return course


@pytest.fixture(scope="module")
def formgrader(course, tmp_path_factory):
    with server(course, tmp_path_factory.mktemp("home")) as (base, token), browser_page() as page:
        page.route(lambda url: not url.startswith(base), lambda route: route.abort())  # MathJax
        page.goto(f"{base}/formgrader/gradebook?token={token}")
        page.base = base
        yield page


def photograph(page, name):
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"formgrader-{name}.png", full_page=True)


def row(page, text):
    """The row of the table in which the text stands."""
    found = page.locator("tbody tr", has=page.get_by_text(text, exact=True)).first
    found.wait_for()
    return found


def submission(page, student):
    """Open what a student handed in, as one would do by hand."""
    page.goto(f"{page.base}/formgrader/gradebook/layers/layers")
    page.get_by_text("Submission #1", exact=True).wait_for()
    page.get_by_role("button", name="Show All Names").click()
    page.locator("a.name-shown", has_text=re.compile(f"^{student}$")).click()
    page.locator("#test_ReLU[placeholder], #test_ReLU[value]").wait_for()


def test_the_gradebook_lists_the_assignment_with_its_mean(formgrader):
    formgrader.goto(f"{formgrader.base}/formgrader/gradebook")
    shown = row(formgrader, "layers").locator("td").all_inner_texts()
    photograph(formgrader, "gradebook")
    assert [shown[0], shown[-1]] == ["layers", "7.33 / 12"]


def test_every_student_has_the_score_that_was_pushed(formgrader):
    formgrader.goto(f"{formgrader.base}/formgrader/manage_students")
    names = ("ada", "bob", "carl")
    shown = {name: row(formgrader, name).locator("td.score").inner_text() for name in names}
    photograph(formgrader, "students")
    assert shown == {"ada": "10 / 12", "bob": "6 / 12", "carl": "6 / 12"}


def test_a_submission_is_shown_with_its_code_our_scores_and_our_comment(formgrader):
    submission(formgrader, "ada")
    photograph(formgrader, "submission")
    scores = [formgrader.locator(f"#test_{name}") for name in ("Affine", "ReLU")]
    assert [one.get_attribute("placeholder") for one in scores] == ["4", "6"]
    comment = formgrader.locator("#Affine-comment").get_attribute("placeholder")
    assert comment.startswith("db wrong values: at [0] yours 0.2754, expected 1.377")
    assert comment.endswith("You averaged over the `batch`.")
    assert "self.db = upstream.mean(0)" in formgrader.locator("body").inner_text()


def test_a_rejected_submission_with_points_of_a_person_can_be_opened(formgrader):
    submission(formgrader, "carl")
    photograph(formgrader, "rejected")
    assert "The link leads nowhere." in formgrader.locator("body").inner_text()
    assert "by mail" in formgrader.locator("#Affine-comment").get_attribute("placeholder")


def test_what_a_person_types_there_stands_when_we_push_again(formgrader, course):
    submission(formgrader, "bob")
    with formgrader.expect_response(lambda one: one.request.method == "PUT" and one.ok):
        formgrader.locator("#test_Affine").fill("1.25")
        formgrader.locator("#test_ReLU").focus()
    push(course)
    submission(formgrader, "bob")
    formgrader.wait_for_function("document.querySelector('#test_Affine').value === '1.25'")
    formgrader.goto(f"{formgrader.base}/formgrader/manage_students")
    assert row(formgrader, "bob").locator("td.score").inner_text() == "7.25 / 12"
