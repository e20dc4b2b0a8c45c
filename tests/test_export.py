import csv
import json
import re
from dataclasses import asdict, replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from handed_out import LOOPED, PARTIAL, REJECTED, REPORT, RIGHT, report, results
from jsonschema import validate

from grader.course import Course, Late, Override
from grader.errors import UsageError
from grader.export.formats import write
from grader.result import Finding
from grader.results import write_json

BOB = report("bob", LOOPED, RIGHT)
SECOND_LOOK = Course(overrides=(Override("ada", "layers", "Affine", 5.0, "see mail"),))
EVIL = "\x1b[31m\0<b>&]]>\ud800 =1+1 ::error::"
SHAPES = json.loads((Path(__file__).parent / "junit.schema.json").read_text())
KINDS = {"text": r"(?s).*", "count": r"\d+", "seconds": r"\d+(\.\d+)?"}
STATE = {"enum": ["passed", "failed"]}
GRADESCOPE = {  # what Gradescope documents, and nothing else
    "type": "object",
    "properties": {
        "score": {"type": "number"},
        "output": {"type": "string"},
        "output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "test_output_format": {"enum": ["text", "html", "simple_format", "md", "ansi"]},
        "execution_time": {"type": "number"},
        "visibility": {"enum": ["visible", "hidden", "after_due_date", "after_published"]},
        "stdout_visibility": {"enum": ["visible", "hidden"]},
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "number": {"type": "string"},
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": STATE,
                    "output": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


@pytest.fixture
def export(tmp_path):
    def export(form, *reports, course=None, gradebook=None):
        results(tmp_path, *reports, course=course)
        return list(write(form, tmp_path, None, gradebook))

    return export


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_spreadsheet_has_a_row_per_student_and_a_column_per_exercise(export):
    (path,) = export("csv", REPORT, BOB, REJECTED, course=SECOND_LOOK)
    ada, bob, carl = table(path)
    assert (ada["final_score"], ada["score"], ada["layers: Affine"]) == ("11.0", "10.0", "5.0")
    assert (bob["layers: Affine"], bob["layers: ReLU"]) == ("0", "6")
    assert (carl["status"], carl["layers: Affine"]) == ("rejected", "")


@pytest.mark.parametrize("form", ["csv", "canvas", "moodle"])
def test_no_name_becomes_a_formula(export, form):
    (path,) = export(form, replace(REPORT, student="=cmd()"))
    assert "=cmd()" in path.read_text()
    assert not re.search(r"(^|,)=", path.read_text(), re.MULTILINE)


def test_one_json_holds_the_points_that_count(export):
    (path,) = export("json", REPORT, course=SECOND_LOOK)
    (ada,) = json.loads(path.read_text())["students"].values()
    assert ada["layers"]["final_score"] == 11
    assert ada["layers"]["exercises"] == {"Affine": 5.0, "ReLU": 6}


def check(element):
    """Hold an element to its entry in the schema."""
    shape = SHAPES[element.tag]
    assert element.attrib.keys() == shape["attributes"].keys()
    for name, value in element.attrib.items():
        assert re.fullmatch(KINDS[shape["attributes"][name]], value)
    assert {one.tag for one in element} <= set(shape["children"])
    assert len(element) <= shape.get("most", len(element))
    for one in element:
        check(one)


def test_junit_fits_its_schema_whatever_students_write(export):
    evil = replace(PARTIAL, findings=(Finding(EVIL, EVIL, EVIL, EVIL),))
    (path,) = export("junit", replace(REPORT, student=EVIL, exercises=(evil, RIGHT)), BOB, REJECTED)
    root = ElementTree.parse(path).getroot()
    check(root)
    assert {name: root.get(name) for name in ("tests", "failures", "errors")} == {
        "tests": "5",
        "failures": "2",
        "errors": "1",
    }
    assert root.find(".//failure").get("message") == "partial: 4 of 6 points"


def test_gradescope_gets_what_it_documents(export):
    (path,) = export("gradescope", REPORT, course=SECOND_LOOK)
    told = json.loads(path.read_text())
    validate(told, GRADESCOPE)
    assert told["score"] == 11
    assert [one["status"] for one in told["tests"]] == ["failed", "passed"]
    assert "You averaged over" in told["tests"][0]["output"]


def test_gradescope_gets_no_score_where_we_failed(export):
    (path,) = export("gradescope", replace(REJECTED, status="ungraded"))
    told = json.loads(path.read_text())
    validate(told, GRADESCOPE)
    assert "score" not in told


def test_gradescope_takes_one_submission(export):
    with pytest.raises(UsageError, match="for one submission"):
        export("gradescope", REPORT, BOB)


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Homework (7),Layers (12),Final Score
    Points Possible,,,,,10,12,(read only)
"King, Ada",101,S1,ada,Autumn,9,,50
"Builder, Bob",102,S2,builder,Autumn,8,3,40
"""


def test_canvas_gets_back_its_own_rows_and_the_column_of_the_assignment(export, tmp_path):
    (tmp_path / "grades.csv").write_text(CANVAS, encoding="utf-8-sig")
    bob = replace(BOB, path="builderbob_102_9_layers.ipynb", student="builderbob")
    (path,) = export("canvas", REPORT, bob, REJECTED, gradebook=tmp_path / "grades.csv")
    assert path.read_text().splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,Layers (12)",
        "    Points Possible,,,,,12",
        '"King, Ada",101,S1,ada,Autumn,10',
        '"Builder, Bob",102,S2,builder,Autumn,6',
    ]


def test_canvas_without_a_gradebook_is_told_the_number_in_the_files_name(export):
    canvas = replace(REPORT, student="kingada", path="kingada_LATE_101_5_x.ipynb")
    (path,) = export("canvas", canvas, BOB)
    _, ada, bob = table(path)
    assert (ada["Student"], ada["ID"], ada["layers"]) == ("kingada", "101", "10")
    assert (bob["ID"], bob["SIS Login ID"]) == ("", "bob")


MOODLE = """\
Identifier,Full name,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments
Participant 77,Ada King,Submitted,,12.00,-,
Participant 78,Bob,Submitted,3,12.00,"Friday, 9 January 2026, 1:00 PM",old
"""


def test_moodle_gets_its_worksheet_filled_in(export, tmp_path):
    (tmp_path / "sheet.csv").write_text(MOODLE, encoding="utf-8")
    ada = replace(REPORT, student="Ada King", path="Ada King_77_assignsubmission_file_/x.ipynb")
    late = Course(late=Late(percent_per_day=10), due={"layers": _yesterday()})
    (path,) = export("moodle", ada, course=late, gradebook=tmp_path / "sheet.csv")
    first, second = table(path)
    assert (first["Grade"], first["Status"]) == ("9", "Submitted")
    assert "Affine: partial, 4 of 6<br>ReLU" in first["Feedback comments"]
    assert first["Feedback comments"].endswith("late: 1 points off")
    assert (second["Grade"], second["Feedback comments"]) == ("3", "old")


def _yesterday():
    from datetime import UTC, datetime

    return datetime(2026, 1, 10, 11, tzinfo=UTC)


def test_moodle_without_a_worksheet_knows_the_participant_by_the_folder(export):
    ada = replace(REPORT, student="Ada King", path="Ada King_77_assignsubmission_file_/x.ipynb")
    (path,) = export("moodle", ada)
    (row,) = table(path)
    assert (row["Identifier"], row["Last modified (grade)"]) == ("Participant 77", "-")


@pytest.mark.parametrize(
    ("exercise", "says"),
    [
        ("Affine", "5 points for Affine, given by a person. see mail"),
        ("", "5 points for the whole, given by a person. see mail"),
    ],
)
def test_points_of_a_person_are_told_as_such(export, exercise, says):
    rules = Course(overrides=(Override("ada", "layers", exercise, 5.0, "see mail"),))
    (sheet,) = export("moodle", REPORT, course=rules)
    assert table(sheet)[0]["Feedback comments"].split("<br>")[-1] == says
    (told,) = export("gradescope", REPORT, course=rules)
    assert says in json.loads(told.read_text())["output"].split("\n")


@pytest.mark.parametrize("form", ["canvas", "moodle"])
def test_another_table_is_refused_with_where_to_find_the_right_one(export, tmp_path, form):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(UsageError, match=r"is no .*; use "):
        export(form, REPORT, gradebook=tmp_path / "other.csv")


def test_results_of_an_older_version_can_be_exported(tmp_path):
    (plain,) = map(asdict, [REPORT])
    write_json(tmp_path / "results.json", [plain], "0.1.0", "none")
    (path,) = write("csv", tmp_path, None, None)
    assert table(path)[0]["final_score"] == "10.0"


def test_a_folder_without_results_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"no results\.json in"):
        list(write("csv", tmp_path, None, None))
    (tmp_path / "results.json").write_text("{}")
    with pytest.raises(UsageError, match=r"is not what grader run has written"):
        list(write("csv", tmp_path, None, None))
