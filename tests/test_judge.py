import numpy as np
import pytest

from grader.exercise import Case, Exercise, Uniform
from grader.judge import judge
from grader.key import CaseKey, ExerciseKey, Expected
from grader.result import Died, Raised, Refused, Reply, Returned, TimedOut, Undefined

DX, DB = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([4.0, -7.0])
UPSTREAM = np.array([[0.5, 0.25], [2.0, 1.0]])
AFFINE = Exercise(
    "Affine", "layer", {"dx": 2, "db": 1}, {"x": Uniform("batch inputs")}, {"b": Uniform("units")}
)


def case(number):
    one = Case(f"case {number}", ("dx", "db"), {"x": DX}, {"b": DB}, UPSTREAM)
    return CaseKey(one, {"dx": Expected(DX, 5.0), "db": Expected(DB, 7.0)})


KEY = ExerciseKey(AFFINE, (case(1), case(2)))
RIGHT = Returned({"dx": DX, "db": DB})
STUB = Raised("NotImplementedError", "")


def verdict(*outcomes):
    return judge(KEY, Reply(outcomes, seconds=0.25))


def test_everything_right_is_correct():
    result = verdict(RIGHT, RIGHT)
    assert (result.status, result.score, result.max_score) == ("correct", 3, 3)
    assert result.findings == ()


def test_a_wrong_array_costs_its_points_and_no_others():
    result = verdict(RIGHT, Returned({"dx": DX, "db": DB / 2}))
    assert (result.status, result.score) == ("partial", 2)
    (finding,) = result.findings
    assert (finding.array, finding.problem, finding.case) == ("db", "wrong values", "case 2")
    assert "right in 1 of 2 cases" in finding.detail


def test_a_finding_says_which_entries_are_wrong_in_the_case_it_is_about():
    result = verdict(RIGHT, Returned({"dx": DX + 10 * (DX == 5), "db": DB[:1]}))
    grids = {one.array: one.grid and one.grid.rows for one in result.findings}
    assert grids == {"dx": ("..", ".4"), "db": None}


def test_nothing_right_is_wrong():
    result = verdict(Returned({"dx": -DX, "db": -DB}), RIGHT)
    assert (result.status, result.score) == ("wrong", 0)


@pytest.mark.parametrize(
    ("outcome", "problem"),
    [
        pytest.param(STUB, "not filled in", id="stub"),
        pytest.param(Undefined(), "not defined", id="undefined"),
        pytest.param(Returned({}, {"dx": "None"}), "not filled in", id="pass"),
    ],
)
def test_an_untouched_stub_is_missing_and_not_wrong(outcome, problem):
    result = verdict(outcome, outcome)
    assert (result.status, result.score) == ("missing", 0)
    assert result.findings[0].problem == problem


@pytest.mark.parametrize(
    ("outcome", "how", "says"),
    [
        (Raised("ValueError", "no", "cell 2, line 3", 3, "x @ y"), "raised", "`x @ y` raised Val"),
        (TimedOut(10.0), "timed out", "after 10 seconds; does a loop never end?"),
        (Died("killed by SIGSEGV"), "died", "killed by SIGSEGV"),
        (Refused("no frame"), "refused", "no frame"),
    ],
)
def test_a_case_without_an_answer_stops_the_exercise(outcome, how, says):
    result = verdict(RIGHT, outcome)
    assert (result.status, result.score, result.stopped.how) == ("stopped", 0, how)
    assert says in result.stopped.detail


def test_the_line_of_an_exception_is_kept():
    assert verdict(Raised("ValueError", "no", line=3)).stopped.line == 3


def test_a_stub_left_in_one_branch_is_no_untouched_stub():
    assert verdict(RIGHT, STUB).status == "stopped"


def test_a_lost_process_leaves_the_reason_although_cases_are_missing():
    assert verdict(TimedOut(2.0)).status == "stopped"


def test_writing_into_an_argument_is_a_finding_that_costs_nothing():
    result = verdict(RIGHT, Returned(RIGHT.arrays, arguments={"upstream": 0 * UPSTREAM, "x": DX}))
    assert (result.status, result.score) == ("correct", 3)
    (finding,) = result.findings
    assert (finding.array, finding.problem) == ("upstream", "argument changed")


def test_float32_is_right_and_noted():
    single = {
        name: array.astype(np.float32) * np.float32(1.000001)
        for name, array in RIGHT.arrays.items()
    }
    result = verdict(RIGHT, Returned(single))
    assert result.status == "correct"
    assert "less exact than float64" in result.notes[0]


def test_the_worst_error_over_all_cases_is_told():
    result = verdict(RIGHT, Returned({"dx": DX, "db": DB + np.array([0.7, 0])}))
    assert result.arrays[1].relative_error == pytest.approx(0.1)
    assert result.seconds == 0.25


def test_a_reply_without_any_outcome_is_our_failure():
    with pytest.raises(ValueError, match="no outcome that explains"):
        verdict()


def test_a_tensor_that_was_written_into_is_said_and_no_innocent_line_is_blamed():
    torch = pytest.importorskip("torch")
    x = torch.ones(3, requires_grad=True)
    y = x.exp()
    y.add_(1.0)
    with pytest.raises(RuntimeError) as caught:
        y.sum().backward()
    raised = Raised(
        "RuntimeError", str(caught.value), "Loss.backward, cell 3 line 9", 9, "p, t = 1"
    )
    stopped = verdict(raised).stopped
    assert "wrote into a tensor" in stopped.detail
    assert stopped.line is None
