import json
from dataclasses import replace

import pytest

from grader.errors import UsageError
from grader.journal import NAME, Stamp, journal_in
from grader.result import ArrayVerdict, Report, Status, Verdict

STAMP = Stamp("ada", "layers", "ada/layers.ipynb", "sha256:1", "sha256:2", "0.1.0", "none")
BOB = replace(STAMP, student="bob")
REPORT = Report(
    *("ada", "layers", "ada/layers.ipynb", "sha256:1", "graded", None, 41.0, 60.0, "reference"),
    seconds=0.1,
)


def test_what_was_written_is_found_again(tmp_path):
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, REPORT)
    with journal_in(tmp_path) as journal:
        assert STAMP in journal
        assert [one["score"] for one in journal.reports([BOB, STAMP])] == [41.0]


@pytest.mark.parametrize("field", Stamp.__dataclass_fields__)
def test_whatever_decides_a_report_makes_an_old_one_stale(tmp_path, field):
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, REPORT)
        assert replace(STAMP, **{field: "other"}) not in journal


@pytest.mark.parametrize("cut", range(1, 40, 7))
def test_a_line_that_was_cut_off_is_dropped_and_written_again(tmp_path, cut):
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, REPORT)
        journal.append(BOB, REPORT)
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes()[:-cut])
    with journal_in(tmp_path) as journal:
        assert (STAMP in journal, BOB in journal) == (True, False)
        journal.append(BOB, REPORT)
    assert [json.loads(line)["stamp"]["student"] for line in path.read_text().splitlines()] == [
        "ada",
        "bob",
    ]


def test_a_line_that_is_no_report_is_passed_over(tmp_path):
    (tmp_path / NAME).write_bytes(b'\0\0\0\n{"stamp": {}}\n[]\n')
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, REPORT)
    with journal_in(tmp_path) as journal:
        assert STAMP in journal


def test_fresh_starts_anew(tmp_path):
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, REPORT)
    with journal_in(tmp_path, fresh=True) as journal:
        assert STAMP not in journal


def test_an_ungraded_submission_is_in_these_results_and_tried_again_in_the_next(tmp_path):
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, replace(REPORT, status="ungraded"), trace="Traceback ...")
        assert [one["status"] for one in journal.reports([STAMP])] == ["ungraded"]
    with journal_in(tmp_path) as journal:
        assert STAMP not in journal


@pytest.mark.parametrize("error", [float("nan"), float("inf"), -float("inf")])
def test_numbers_that_json_does_not_know_become_null(tmp_path, error):
    array = ArrayVerdict("dx", False, 0, 6, error)
    verdict = Verdict("ReLU", Status.WRONG, 0, 6, arrays=(array,))
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, replace(REPORT, exercises=(verdict,)))
        (report,) = journal.reports([STAMP])
    assert report["exercises"][0]["arrays"][0]["relative_error"] is None
    assert json.loads((tmp_path / NAME).read_text(), parse_constant=pytest.fail)


def test_two_runs_cannot_write_into_one_folder(tmp_path):
    with (
        journal_in(tmp_path),
        pytest.raises(UsageError, match=r"another run is writing .* --out"),
        journal_in(tmp_path),
    ):
        pass


def test_a_folder_that_cannot_be_made_is_said_clearly(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(UsageError, match=r"cannot write .*not a directory.* --out"),
        journal_in(tmp_path / "file" / "graded"),
    ):
        pass


@pytest.fixture
def small_disk():
    """No file can grow beyond a kilobyte, which fails as a full disk does."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_said_clearly_and_leaves_whole_lines(tmp_path, small_disk):
    with journal_in(tmp_path) as journal:
        journal.append(STAMP, REPORT)
        with pytest.raises(UsageError, match=r"cannot write .*too large.* is kept"):
            journal.append(BOB, replace(REPORT, reason="x" * 2000))
    assert (tmp_path / NAME).read_bytes().count(b"\n") == 1
    with journal_in(tmp_path) as journal:
        assert STAMP in journal
