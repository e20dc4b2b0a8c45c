import pytest

from grader.course import Course, find, read
from grader.errors import UsageError
from grader.settle import doubts, settle

TOML = """
timezone = "Europe/Berlin"
[late]
percent_per_day = 10
max_percent = 25
grace_minutes = 15
[assignment.layers]
due = 2026-01-10T23:59:00
[assignment.layers.extensions]
bob = 2026-01-12T12:00:00Z
"""
OVERRIDE = """
[[override]]
student = "ada"
assignment = "layers"
exercise = "ReLU"
points = 6
comment = "oral"
"""
EXERCISES = [{"name": "Affine", "score": 4}, {"name": "ReLU", "score": 0}]


@pytest.fixture
def course(tmp_path):
    def course(text=TOML):
        (tmp_path / "course.toml").write_text(text, encoding="utf-8")
        return read(tmp_path / "course.toml")

    return course


def report(submitted=None, clock="timestamp.txt", student="ada", exercises=EXERCISES):
    about = {"student": student, "assignment": "layers", "score": 4, "max_score": 12}
    return about | {"submitted": submitted, "clock": clock, "exercises": exercises}


@pytest.mark.parametrize(
    ("submitted", "percent"),
    [
        pytest.param("2026-01-10T22:59:00+00:00", None, id="on time"),
        pytest.param("2026-01-11T00:13:59", None, id="within the grace, in the course's zone"),
        pytest.param("2026-01-10T23:14:01+00:00", 10, id="a second too late"),
        pytest.param("2026-01-12T00:15:00+01:00", 20, id="on the second day"),
        pytest.param("2026-03-01T12:00:00Z", 25, id="never more than the most"),
        pytest.param(None, None, id="nobody knows when"),
    ],
)
def test_every_day_begun_costs(course, submitted, percent):
    late = settle(report(submitted), course())["late"]
    assert (late and late["percent"]) == percent


def test_raw_and_final_score_are_both_told(course):
    settled = settle(report("2026-01-11T12:00:00+01:00"), course())
    assert (settled["score"], settled["final_score"]) == (4, 3.6)
    assert settled["late"]["points"] == 0.4


def test_an_extension_is_for_one_student(course):
    late = {name: settle(report("2026-01-12T12:00:00Z", student=name), course())["late"]
            for name in ("ada", "bob")}  # fmt: skip
    assert late["ada"]["days"] == 2
    assert late["bob"] is None


def test_the_time_of_a_file_costs_nothing_unless_asked_to(course):
    one = report("2026-01-15T12:00:00Z", clock="file")
    late = settle(one, course())["late"]
    assert (late["percent"], late["counts"]) == (0, False)
    trusting = TOML.replace("[late]", "[late]\nfile_times = true")
    assert settle(one, course(trusting))["late"]["percent"] == 25


def test_a_second_look_counts_before_lateness_and_leaves_the_verdict(course):
    settled = settle(report("2026-01-11T12:00:00+01:00"), course(TOML + OVERRIDE))
    assert settled["final_score"] == 9.0
    assert settled["exercises"] == EXERCISES
    assert settled["overrides"] == [{"exercise": "ReLU", "points": 6, "comment": "oral"}]


def test_points_for_the_whole_work_need_no_exercise(course):
    whole = OVERRIDE.replace('exercise = "ReLU"', "")
    assert settle(report(exercises=[]), course(whole))["final_score"] == 6


def test_overrides_come_from_a_table_too(course, tmp_path):
    rows = 'student,assignment,exercise,points,comment\nada,layers,Affine,5.5,"yes, really"\n'
    (tmp_path / "second.csv").write_text(rows, encoding="utf-8-sig")
    settled = settle(report(), course('overrides = "second.csv"'))
    assert settled["final_score"] == 5.5
    assert settled["overrides"][0]["comment"] == "yes, really"


def test_without_a_course_nothing_is_late(tmp_path):
    assert find(None, [tmp_path]) == Course()
    assert settle(report("2099-01-01T00:00:00Z"), Course())["final_score"] == 4


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[latte]", "latte at the top is not known; did you mean late?"),
        ("[late]\npercent_a_day = 1", "did you mean percent_per_day?"),
        ("[assignment.layers]\ndeu = 1", r"deu in \[assignment.layers\] .* did you mean due?"),
        ("[assignment.layers]\ndue = 2026-01-10", "write a date and a time"),
        ('timezone = "Europe/Berlyn"', "Berlyn"),
        ("due = ", "cannot read"),
        ('[[override]]\nstudent = "ada"', "needs assignment"),
        ('[[override]]\nstudent = "a"\nassignment = "b"\npoints = -1', "has -1 points"),
        ('overrides = "nowhere.csv"', "cannot read"),
        (2 * OVERRIDE, "two overrides for ada in layers, ReLU; leave one"),
    ],
)
def test_what_cannot_be_meant_is_said(course, text, says):
    with pytest.raises(UsageError, match=says):
        course(text)


def test_an_override_for_nobody_is_said_with_who_may_be_meant(course):
    told = list(doubts(course(OVERRIDE), {("adda", "layers"): {}}))
    assert told == ["the override for ada in layers is for nobody; did you mean adda?"]


def test_an_override_for_no_exercise_is_said_and_adds_nothing(course):
    rules = course(OVERRIDE.replace("ReLU", "RELU"))
    settled = settle(report(), rules)
    assert (settled["final_score"], settled["overrides"]) == (4, [])
    (told,) = doubts(rules, {("ada", "layers"): {"Affine": 6.0, "ReLU": 6.0}})
    assert told.startswith("the override for ada in layers, RELU, is for no exercise")
    assert told.endswith("did you mean ReLU?")


@pytest.mark.parametrize(("exercise", "most"), [("ReLU", 6), ("", 12)])
def test_an_override_with_more_points_than_there_are_counts_and_is_said(course, exercise, most):
    text = OVERRIDE.replace("points = 6", "points = 60")
    rules = course(text if exercise else text.replace('exercise = "ReLU"', ""))
    assert settle(report(), rules)["final_score"] == 60 + 4 * bool(exercise)
    (told,) = doubts(rules, {("ada", "layers"): {"Affine": 6.0, "ReLU": 6.0}})
    assert told.endswith(f"gives 60 points of {most}")
