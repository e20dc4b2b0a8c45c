import os
import stat
import zipfile

import pytest
from classroom import KNOWN, write

from grader.archive import ArchiveError, unpack
from grader.errors import UsageError
from grader.submission import find

ADVICE = ("Hand in", "hand in", "hand it in", "Open it", "Choose", "Pack")
AFFINE = ["class Affine:\n    pass"]


@pytest.fixture
def handed_in(tmp_path):
    folder = tmp_path / "handed in"
    folder.mkdir()
    return folder


@pytest.fixture
def look(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return lambda *paths: find(paths, KNOWN, scratch)


@pytest.mark.parametrize(
    ("path", "student"),
    [
        pytest.param("ada/layers/layers.ipynb", "ada", id="nbgrader"),
        pytest.param("ada/layers/my own name.ipynb", "ada", id="nbgrader, other file name"),
        pytest.param("submitted/ada/layers/layers.ipynb", "ada", id="nbgrader, one folder up"),
        pytest.param("ada/layers/work/final/nb.ipynb", "ada", id="nested"),
        pytest.param("ada.ipynb", "ada", id="flat"),
        pytest.param("lovelaceada_LATE_123_456_layers-1.ipynb", "lovelaceada", id="Canvas"),
        pytest.param("Ada King_77_assignsubmission_file_/x.ipynb", "Ada King", id="Moodle"),
        pytest.param("layers-ada/layers.ipynb", "ada", id="Classroom"),
        pytest.param("layers-submissions/layers-ada/nb.ipynb", "ada", id="gh classroom clone"),
        pytest.param("cs101-layers-ada-king/layers.ipynb", "ada-king", id="Classroom 50"),
        pytest.param("ada/layers.ipynb", "ada", id="folder per student"),
        pytest.param("Zoë, the 1st/layers/layers.ipynb", "Zoë, the 1st", id="blanks, commas"),
        pytest.param("王芳/layers/layers.ipynb", "王芳", id="another alphabet"),
    ],
)
def test_the_student_is_known_from_the_place(handed_in, look, path, student):
    write(handed_in / path, AFFINE, "layers")
    write(handed_in / "bob/losses/losses.ipynb", AFFINE, "losses")
    (one, _) = sorted(look(handed_in), key=lambda one: one.assignment)
    assert (one.student, one.assignment, one.path) == (student, "layers", path)


def test_a_students_own_folder_can_be_asked_for(handed_in, look):
    write(handed_in / "ada/layers/layers.ipynb", AFFINE, "layers")
    (from_theirs,) = look(handed_in / "ada")
    (from_assignment,) = look(handed_in / "ada" / "layers")
    (from_file,) = look(handed_in / "ada" / "layers" / "layers.ipynb")
    assert {from_theirs.student, from_assignment.student, from_file.student} == {"ada"}


def test_one_folder_per_assignment_holds_many_students(handed_in, look):
    write(handed_in / "layers/ada.ipynb", AFFINE, "layers")
    write(handed_in / "layers/bob.ipynb", AFFINE, "layers")
    assert [one.student for one in look(handed_in)] == ["ada", "bob"]


def test_the_assignment_comes_from_the_metadata_then_from_what_is_defined(handed_in, look):
    write(handed_in / "ada.ipynb", AFFINE, "losses")
    write(handed_in / "layers.ipynb", ["class MSELoss: pass", "def helper(): pass"])
    told, defined = look(handed_in)
    assert (told.student, told.assignment) == ("ada", "losses")
    assert defined.assignment == "losses"


RELU = ["class ReLU: pass"]
SEVERAL = {"engine": ["Add", "Exp", "ReLU", "Tanh"], "layers": ["Affine", "ReLU"]}


@pytest.mark.parametrize(
    ("path", "sources", "assignment"),
    [
        pytest.param("ada/layers/layers.ipynb", RELU, "layers", id="file and folder"),
        pytest.param("ada/layers/mine.ipynb", RELU, "layers", id="folder"),
        pytest.param("engine-ada/mine.ipynb", RELU, "engine", id="checkout"),
        pytest.param("layers/engine.ipynb", RELU, "engine", id="the nearest"),
        pytest.param("ada/engine/mine.ipynb", AFFINE, "layers", id="nothing of the folder's"),
        pytest.param("ada/engine/mine.ipynb", [*AFFINE, *RELU], "engine", id="one of the folder's"),
        pytest.param("ada/mine.ipynb", RELU, "layers", id="the smaller"),
        pytest.param("ada/mine.ipynb", [*RELU, "class Tanh: pass"], "engine", id="most"),
    ],
)
def test_of_assignments_that_share_a_name_the_place_tells_which(
    handed_in, tmp_path, path, sources, assignment
):
    write(handed_in / path, sources)
    (one,) = find([handed_in], SEVERAL, tmp_path)
    assert (one.assignment, one.rejected) == (assignment, None)
    (alone,) = find([handed_in / path], SEVERAL, tmp_path)
    assert alone.rejected is None


def test_a_script_in_an_assignments_place_is_not_dropped_without_a_word(handed_in, look):
    script = handed_in / "ada/layers/layers.py"
    script.parent.mkdir(parents=True)
    script.write_text("# %%\nx = 1\n")
    (handed_in / "ada/scratch.py").write_text("# %%\nx = 1\n")
    (one,) = look(handed_in)
    assert (one.student, one.assignment) == ("ada", "layers")
    assert "right file" in one.rejected
    write(script.with_name("mine.ipynb"), AFFINE)
    (one,) = look(handed_in)
    assert one.rejected is None
    assert "not looked at: ada/layers/layers.py" in one.notes[0]


@pytest.mark.parametrize(
    "metadata", [{"grader": 1}, {"grader": {"assignment": []}}, {"grader": None}]
)
def test_metadata_of_any_shape_do_no_harm(handed_in, look, metadata):
    path = write(handed_in / "ada.ipynb", AFFINE)
    path.write_text(
        path.read_text().replace(
            '"metadata": {}, "cells"',
            f'"metadata": {metadata}, "cells"'.replace("'", '"').replace("None", "null"),
        )
    )
    (one,) = look(handed_in)
    assert (one.assignment, one.rejected) == ("layers", None)


@pytest.mark.parametrize(
    ("slug", "sources", "says"),
    [
        pytest.param("history", AFFINE, "'history'; there are: layers, losses", id="metadata"),
        pytest.param(None, ["print('hello')"], "defines no exercise", id="names"),
    ],
)
def test_a_notebook_of_another_assignment_is_rejected(handed_in, look, slug, sources, says):
    write(handed_in / "ada.ipynb", sources, slug)
    (one,) = look(handed_in)
    assert says in one.rejected
    assert "right file" in one.rejected or "Hand in" in one.rejected


def test_of_two_notebooks_the_newest_counts_and_says_so(handed_in, look):
    old = write(handed_in / "ada_1.ipynb", AFFINE, "layers")
    new = write(handed_in / "ada_0.ipynb", AFFINE, "layers")
    os.utime(old, (1000, 1000))
    os.utime(new, (2000, 2000))
    (one,) = look(handed_in)
    assert one.path == "ada_0.ipynb"
    assert one.notes == (
        "more than one was handed in: this is ada_0.ipynb, not looked at: ada_1.ipynb",
    )


def test_of_attempts_of_one_time_the_one_with_the_highest_number_counts(handed_in, look):
    for name in ("ada_7_9_x-9.ipynb", "ada_7_10_x-10.ipynb"):
        os.utime(write(handed_in / name, AFFINE, "layers"), (1000, 1000))
    (one,) = look(handed_in)
    assert one.path == "ada_7_10_x-10.ipynb"


def test_what_nobody_handed_in_is_skipped(handed_in, look):
    write(handed_in / "ada/layers/layers.ipynb", AFFINE, "layers")
    for junk in ("__MACOSX", ".ipynb_checkpoints", ".git", "graded"):
        write(handed_in / "ada" / junk / "layers.ipynb", AFFINE, "layers")
    (handed_in / "ada/layers/helper.py").write_text("x = 1\n")
    (one,) = look(handed_in)
    assert (one.path, one.notes) == ("ada/layers/layers.ipynb", ())


def test_a_script_in_cells_is_a_submission(handed_in, look):
    (handed_in / "ada.py").write_text("# %%\nclass Affine:\n    pass\n")
    (one,) = look(handed_in)
    assert (one.student, one.assignment) == ("ada", "layers")


def _link(folder):
    (folder / "ada").mkdir()
    (folder / "ada/layers.ipynb").symlink_to(folder / "nowhere")


def _way_out(folder):
    write(folder.parent / "elsewhere.ipynb", AFFINE, "layers")
    (folder / "ada").mkdir()
    (folder / "ada/layers.ipynb").symlink_to("../../elsewhere.ipynb")


def _way_out_of_a_folder(folder):
    write(folder.parent / "elsewhere/layers.ipynb", AFFINE, "layers")
    (folder / "ada").symlink_to("../elsewhere")


def _empty(folder):
    (folder / "ada/layers").mkdir(parents=True)


def _bytes(content, name="layers.ipynb"):
    def make(folder):
        (folder / "ada").mkdir()
        (folder / "ada" / name).write_bytes(content)

    return make


def _huge(folder):
    (folder / "ada").mkdir()
    with (folder / "ada/layers.ipynb").open("wb") as file:
        file.truncate(100 << 20)


def _pipe(folder):
    (folder / "ada").mkdir()
    os.mkfifo(folder / "ada/layers.ipynb")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(_link, "leads nowhere", id="broken link"),
        pytest.param(_way_out, "leads out", id="link out of the folder"),
        pytest.param(_way_out_of_a_folder, "leads out", id="folder that is a link"),
        pytest.param(_empty, "no notebook", id="empty folder"),
        pytest.param(_bytes(b"{"), "not JSON", id="not JSON"),
        pytest.param(_bytes(b'{"a": 1}'), "not a notebook", id="not a notebook"),
        pytest.param(_bytes(b'{"nbformat": 3}'), "old format 3", id="nbformat 3"),
        pytest.param(_bytes(b"<<<<<<< a\n=======\n>>>>>>> b\n"), "merge-conflict", id="conflict"),
        pytest.param(_bytes(b"\xff\xfe"), "UTF-8", id="bytes"),
        pytest.param(_bytes(b""), "empty", id="empty"),
        pytest.param(_huge, "Clear the outputs", id="100 MB"),
        pytest.param(_pipe, "no file", id="pipe"),
        pytest.param(_bytes(b"PK", "layers.zip"), "zip is damaged", id="no zip"),
    ],
)
def test_what_cannot_be_read_is_rejected_with_what_to_do(handed_in, look, make, says):
    make(handed_in)
    write(handed_in / "bob/layers/layers.ipynb", AFFINE, "layers")
    ada, bob = look(handed_in)
    assert (ada.student, bob.student, bob.rejected) == ("ada", "bob", None)
    assert says in ada.rejected
    assert any(word in ada.rejected for word in ADVICE)


def test_a_typing_error_in_a_path_suggests_what_exists(handed_in, look):
    (handed_in / "submissions").mkdir()
    with pytest.raises(UsageError, match=r"did you mean .*submissions\?"):
        look(handed_in / "submisions")


def _zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_is_looked_into_like_a_folder(tmp_path, handed_in, look):
    notebook = write(tmp_path / "nb.ipynb", AFFINE, "layers").read_bytes()
    inner = _zip(tmp_path / "inner.zip", {"layers.ipynb": notebook}).read_bytes()
    everybody = {f"class/{one}/layers/layers.ipynb": notebook for one in ("ada", "bob")}
    everybody |= {"class/carl.zip": inner, "__MACOSX/class/dora/layers/layers.ipynb": notebook}
    path = _zip(handed_in / "download.zip", everybody)
    assert [one.student for one in look(path)] == ["ada", "bob", "carl"]
    assert {one.student for one in look(handed_in)} >= {"ada", "bob"}


def test_a_zip_per_student_tells_the_student_by_its_name(tmp_path, handed_in, look):
    notebook = write(tmp_path / "nb.ipynb", AFFINE, "layers").read_bytes()
    _zip(handed_in / "ada_12_34.zip", {"homework.ipynb": notebook})
    (one,) = look(handed_in)
    assert (one.student, one.path) == ("ada", "ada_12_34.zip/homework.ipynb")


def _symlink():
    member = zipfile.ZipInfo("layers.ipynb")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    return member


@pytest.mark.parametrize(
    ("member", "content", "says"),
    [
        pytest.param("../layers.ipynb", b"", "leads out", id="parent"),
        pytest.param("/tmp/layers.ipynb", b"", "leads out", id="absolute"),
        pytest.param("..\\layers.ipynb", b"", "leads out", id="backslash"),
        pytest.param(_symlink(), b"/etc/passwd", "symbolic link", id="link"),
        pytest.param("layers.ipynb", bytes(50 << 20), "more than is believable", id="bomb"),
    ],
)
def test_a_hostile_zip_is_refused_whole(tmp_path, member, content, says):
    path = _zip(tmp_path / "hostile.zip", {member: content})
    with pytest.raises(ArchiveError, match=says):
        unpack(path, tmp_path)
    assert not list(tmp_path.rglob("*.ipynb"))


def test_a_zip_that_lies_about_its_sizes_writes_no_more_than_it_said(tmp_path):
    path = _zip(tmp_path / "lies.zip", {"layers.ipynb": bytes(1000)})
    path.write_bytes(
        path.read_bytes().replace((1000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    )
    with pytest.raises(ArchiveError, match="damaged"):
        unpack(path, tmp_path)
