import os
import re
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from classroom import REFERENCE, ROOT, SECRET, solution, solved
from classroom import write as notebook
from handed_out import LOOPED, PARTIAL, REJECTED, REPORT, RIGHT, report, results

from grader.course import Course, Override
from grader.errors import UsageError
from grader.export.formats import write
from grader.journal import journal_in
from grader.lessons import names_its_author
from grader.pipeline import CHANGED, grade
from grader.publish import publish
from grader.report.curves import draw
from grader.report.terminal import summary
from grader.result import Learned, Map
from grader.results import read
from grader.submission import find
from grader.summary import summarise


def published(folder, *reports, say=pytest.fail):
    folder.mkdir(exist_ok=True)
    return publish(folder, map(asdict, reports), Course(), ("0.1.0", "none"), say)


def test_everything_is_made_from_the_results_alone(tmp_path):
    published(tmp_path, REPORT, REJECTED)
    made = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*.*")}
    again = publish(tmp_path, read(tmp_path), Course(), ("0.1.0", "none"), pytest.fail)
    assert {
        str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*.*")
    } == made
    assert len(again.rows) == 2
    assert sorted(made) == [
        *("feedback/ada/layers.html", "feedback/carl/layers.html", "index.html", "results.csv"),
        "results.json",
    ]


def test_a_page_is_written_again_only_when_something_has_changed(tmp_path):
    published(tmp_path, REPORT, report("bob", RIGHT))
    pages = [tmp_path / f"feedback/{name}/layers.html" for name in ("ada", "bob")]
    for page in pages:
        os.utime(page, (0, 0))
    published(tmp_path, REPORT, report("bob", RIGHT, notes=("new",)))
    assert [page.stat().st_mtime == 0 for page in pages] == [True, False]
    pages[0].write_text("half a page")
    published(tmp_path, REPORT, report("bob", RIGHT))
    assert "You averaged over" in pages[0].read_text()


def test_the_pages_of_those_who_left_go_and_nothing_else_does(tmp_path):
    carl = replace(REPORT, student="carl", assignment="losses")
    published(tmp_path, REPORT, report("bob", RIGHT), replace(REPORT, student="carl"), carl)
    mine = tmp_path / "feedback/bob/mine.html"
    mine.write_text("<p>a page of a person")
    (tmp_path / "feedback/carl/.layers.html.part").write_text("half a page")
    said = []
    published(tmp_path, carl, say=said.append)
    left = {str(path.relative_to(tmp_path / "feedback")) for path in tmp_path.glob("feedback/*/*")}
    assert left == {"bob/mine.html", "carl/losses.html"}
    assert not (tmp_path / "feedback/ada").exists()
    assert said == ["3 pages of feedback removed, of submissions that are not there any more"]


def test_points_that_a_person_gave_for_a_rejected_submission_are_shown(tmp_path):
    rules = Course(overrides=(Override("carl", "layers", "", 5.0, "by mail"),))
    publish(tmp_path, [asdict(REJECTED)], rules, ("0.1.0", "none"), pytest.fail)
    index = (tmp_path / "index.html").read_text()
    assert '5 / 12 <span class="quiet small">(by a person)</span>' in index
    assert "A person gave 5 points." in index
    page = (tmp_path / "feedback/carl/layers.html").read_text()
    assert "5 <small>of 12 points</small>" in page
    told = summary(summarise(read(tmp_path), "none", "0.1.0"))
    assert "rejected  5 / 12" in told


def test_a_link_to_a_page_elsewhere_is_left_alone(tmp_path):
    published(tmp_path / "one", REPORT)
    published(tmp_path / "two", REPORT)
    (tmp_path / "two/feedback/old").symlink_to(tmp_path / "one/feedback/ada")
    published(tmp_path / "two", REPORT)
    assert (tmp_path / "one/feedback/ada/layers.html").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="no modes")
def test_grades_are_for_the_owner_alone_whatever_the_umask(tmp_path):
    out, before = tmp_path / "new/graded", os.umask(0)
    try:
        with journal_in(out):
            published(out, REPORT)
        list(write("csv", out, None, None))
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in [out, *out.rglob("*")]}
    assert {name for name, mode in modes.items() if mode != 0o600} == {
        "graded",
        "feedback",
        "ada",
        "export",
    }
    assert {modes[name] for name in ("graded", "feedback", "ada", "export")} == {0o700}
    assert len(modes) == 10


def test_a_page_that_others_could_read_is_made_private_when_it_is_written_again(tmp_path):
    published(tmp_path, REPORT)
    page = tmp_path / "feedback/ada/layers.html"
    page.chmod(0o644)
    (tmp_path / "feedback/ada/.layers.html.part").touch(0o644)
    published(tmp_path, replace(REPORT, notes=("new",)))
    assert page.stat().st_mode & 0o777 == 0o600


def test_a_page_shows_the_code_with_the_line_and_nobody_elses(tmp_path):
    bobs = replace(PARTIAL.source, lines=("bobs own secret code",), marked=())
    published(tmp_path, REPORT, report("bob", replace(PARTIAL, source=bobs)))
    page = (tmp_path / "feedback/ada/layers.html").read_text()
    assert "look here: </span>        self.db = upstream.mean(0)</code>" in page
    assert "bob" not in page


def test_the_class_report_counts_mistakes_and_shows_an_example_without_a_name(tmp_path):
    signed = replace(PARTIAL.source, lines=("# by student0", "x = 1  # ada did this"), marked=(2,))
    several = [report(f"student{n}", replace(PARTIAL, source=signed)) for n in range(3)]
    (lesson,) = published(tmp_path, *several).assignments["layers"].mistakes
    assert (lesson.exercise, lesson.mistake) == ("Affine", "mean for sum")
    assert lesson.students == ["student0", "student1", "student2"]
    assert lesson.example.lines == (("x = 1", True),)


@pytest.mark.parametrize(
    ("student", "text", "named"),
    [
        ("ada", "class Ada_Affine:", True),
        ("Ada King (77)", "# king", True),
        ("王芳", "x = '王芳'", True),
        ("ada", "class Affine:", False),
    ],
)
def test_a_name_in_the_code_is_seen(student, text, named):
    assert names_its_author(student, [text]) == named


MAP = Map((-1.0, -1.0), (1.0, 1.0), ((10, 90), (20, 80)), ((0.5, 0.5),))


def test_training_is_drawn_for_the_student_and_for_the_class(tmp_path):
    told = {"share": 0.9, "threshold": 0.8, "steps": 2, "labels": (1,), "before": MAP, "after": MAP}
    told |= dict.fromkeys(("losses", "expected_losses"), (1.0, 0.5, 0.0)) | {"at": (0, 1, 2)}
    trained = replace(RIGHT, name="train", learned=Learned(**told))
    published(tmp_path, report("ada", trained), report("bob", trained))
    assert (tmp_path / "feedback/ada/layers.html").read_text().count("<figure>") == 3
    index = (tmp_path / "index.html").read_text()
    assert index.count("<polyline") == 2
    assert "one line for each of 2 students" in index


def test_a_curve_ends_where_it_is_no_number():
    picture = draw([(1.0, float("nan"), None, 0.1)], (0, 1, 2, 3), "Loss of <train>")
    assert re.findall('<polyline points="([^"]*)', picture)[0].count(",") == 1
    assert 'aria-label="Loss of &lt;train&gt;"' in picture


def test_a_page_that_cannot_be_drawn_costs_nobody_else_theirs(tmp_path):
    told = {"share": 0.9, "threshold": 0.8, "steps": 2, "labels": (1,), "at": (0, 1)}
    told |= dict.fromkeys(("losses", "expected_losses"), (1.0, 0.5))
    broken = replace(MAP, rows=((1, 2), (3,)))
    trained = replace(RIGHT, name="train", learned=Learned(**told, before=broken))
    said = []
    reports = (report("ada", trained), report("bob", RIGHT, notes=7), report("zoe", RIGHT))
    published(tmp_path, *reports, say=said.append)
    left = {path.parent.name for path in tmp_path.glob("feedback/*/*.html")}
    assert left == {"ada", "zoe"}
    assert said == [
        "the feedback of ada on layers has no pictures: drawing it failed with ValueError",
        "the feedback of bob on layers has no pictures: drawing it failed with TypeError",
        "the feedback of bob on layers has no page: drawing it failed with TypeError",
    ]
    assert "train" in (tmp_path / "feedback/ada/layers.html").read_text()


def test_a_curve_of_the_largest_numbers_does_not_stop_the_report(tmp_path):
    told = {"share": 0.9, "threshold": 0.8, "steps": 2, "labels": (1,), "at": (0, 1)}
    told |= {"losses": (1.5e308, None), "expected_losses": (1.0, 0.5)}
    published(tmp_path, report("ada", replace(RIGHT, learned=Learned(**told))))
    assert "<polyline" in (tmp_path / "index.html").read_text()
    assert "<figure>" in (tmp_path / "feedback/ada/layers.html").read_text()


def test_what_was_not_recognised_comes_after_what_was(tmp_path):
    unknown = replace(PARTIAL, diagnosis=None)
    reports = [report("a", LOOPED), report("b", LOOPED), report("c", unknown), REPORT]
    summary = summarise(results(tmp_path, *reports), "none", "0.1.0")
    told = [(one.mistake, len(one.students)) for one in summary.assignments["layers"].mistakes]
    assert told == [("mean for sum", 1), ("timed out", 2), ("db: wrong values", 1)]


def test_a_full_disk_leaves_the_last_pages_whole(tmp_path):
    resource = pytest.importorskip("resource")
    published(tmp_path, REPORT)
    before, (soft, hard) = (tmp_path / "index.html").read_text(), resource.getrlimit(1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(UsageError, match=r"cannot write .*index.html.*Make room"):
            published(tmp_path, REPORT, report("bob", RIGHT))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "index.html").read_text() == before
    assert not list(tmp_path.glob(".*.part"))


def test_a_disk_that_fills_up_during_a_run_is_said_and_the_run_goes_on_later(tmp_path):
    for name in ("ada", "bob", "carl"):
        solved(tmp_path / f"in/{name}/losses/losses.ipynb", "losses")

    def run(limit):
        names = {name: str(tmp_path / "home") for name in ("XDG_CACHE_HOME", "HOME")}
        words = f"run in --reference '{REFERENCE}' --workers 1"
        return subprocess.run(
            ["bash", "-c", f"{limit}; exec '{sys.executable}' -m grader {words}"],
            cwd=tmp_path,
            env={
                **names,
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(ROOT),
                "GRADER_SECRET": SECRET,
                "PYTHONDONTWRITEBYTECODE": "1",  # or the limit would cut Python's own files
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    full = run("ulimit -f 12")
    assert full.returncode == 2, full.stderr
    assert "cannot write graded/" in full.stderr
    assert "run the same command again" in full.stderr
    assert "Traceback" not in full.stderr
    assert run("true").returncode == 0
    assert [one["score"] for one in read(tmp_path / "graded")] == [40, 40, 40]


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that not even root can write")
def test_a_read_only_folder_is_said():
    with (
        pytest.raises(UsageError, match=r"cannot write .*permitted.* --out"),
        journal_in(Path("/sys/x")),
    ):
        pass


def test_a_submission_that_vanished_is_ungraded_and_says_so(tmp_path, key_of, box):
    path = notebook(tmp_path / "in/ada.ipynb", ["class Affine: pass"], "layers")
    (one,) = find([tmp_path / "in"], {"layers": ["Affine"]}, tmp_path)
    path.unlink()
    graded = grade(one, key_of("losses"), box)
    assert (graded.report.status, graded.report.reason) == ("ungraded", CHANGED)


def test_a_note_on_the_notebook_is_said_once(tmp_path, key_of, box):
    twice = ["!pip install numpy\nimport numpy as np", *solution("losses")]
    twice.append("class MSELoss(MSELoss):\n    pass")
    notebook(tmp_path / "in/ada.ipynb", twice, "losses")
    (one,) = find([tmp_path / "in"], {"losses": ["MSELoss"]}, tmp_path)
    report = grade(one, key_of("losses"), box).report
    assert report.notes == ("cell 1: the grader does not run shell commands",)
    told = {one.name: one.notes for one in report.exercises}
    assert "defined twice" in told.pop("MSELoss")[0]
    assert not any(told.values())
