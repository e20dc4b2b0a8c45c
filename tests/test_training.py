"""Training runs: what they earn, what they are blamed for, and what does not pass for one."""

import json
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader.assignment import load
from grader.diagnose import diagnose
from grader.judge import judge
from grader.key import Key
from grader.learned import learned
from grader.oracle import reference_key
from grader.report.plots import pictures
from grader.result import Reply, Returned
from grader.training import blame, share_right

ROOT = Path(__file__).parent.parent
HANDED_IN = Path(__file__).parent / "submissions"


@cache
def key_of(slug) -> Key:
    return reference_key(load(ROOT / "reference" / f"{slug}.py"), "a secret of the tests")


def cells_of(name):
    return [("cell 1", (HANDED_IN / f"{name}.py").read_text())]


def verdicts_of(name, box, cells=None):
    """Of the whole notebook, blame included, by exercise."""
    key = key_of(name.split("/")[0])
    replies = box.play(cells or cells_of(name), key.requests())
    found = [
        diagnose(one, reply, judge(one, reply))
        for one, reply in zip(key.exercises, replies, strict=True)
    ]
    exercises = [one.exercise for one in key.exercises]
    return {verdict.name: verdict for verdict in blame(exercises, found)}


def train_key(slug="circle"):
    return next(one for one in key_of(slug).exercises if one.exercise.name == "train")


def reference_reply(key, seconds=1.0):
    answers = [{n: one.array for n, one in case.expected.items()} for case in key.cases]
    return Reply(tuple(Returned(arrays) for arrays in answers), (), seconds)


@pytest.mark.parametrize("slug", ["circle", "moons"])
def test_what_the_reference_returns_earns_everything(slug):
    key = train_key(slug)
    verdict = judge(key, reference_reply(key))
    assert verdict.score == key.exercise.max_score
    assert verdict.findings == verdict.notes == ()


@pytest.mark.parametrize("slug", ["circle", "moons"])
def test_the_points_it_is_judged_on_never_leave_the_host(slug):
    key = train_key(slug)
    asked = [case for case in key.cases if case.fresh is not None]
    sent = np.concatenate([case.inputs["data"] for case in key.request.cases])
    assert asked
    for case in asked:
        assert not np.isin(case.fresh[:, 0], sent[:, 0]).any()


@pytest.mark.parametrize("slug", ["circle", "moons"])
def test_the_starts_it_is_judged_on_leave_the_reference_a_margin(slug):
    for case in (case for case in train_key(slug).cases if case.fresh is not None):
        options = case.case.options
        share = share_right(case.case, case.expected["accuracy"].array, case.fresh)
        assert share >= options["threshold"] + options["margin"]


def test_some_labels_are_exchanged_so_that_no_fixed_answer_fits():
    plain, exchanged = (case for case in train_key().cases if case.fresh is not None)
    moved = plain.expected["accuracy"].array
    assert share_right(plain.case, moved, plain.fresh) > 0.95
    assert share_right(plain.case, moved, exchanged.fresh) < 0.05


@pytest.mark.parametrize("name", ["cheat_constant_answer", "cheat_trained_by_signs"])
def test_parameters_that_were_not_trained_by_these_steps_earn_nothing(name, box):
    assert verdicts_of(f"circle/wrong_{name}", box)["train"].score == 0


LIBRARY = """
def train(X, t, params, lr, steps):
    import torch

    tensors = {n: torch.tensor(p, requires_grad=True) for n, p in params.items()}
    losses = []
    for _ in range(steps):
        h = torch.tanh(torch.tensor(X) @ tensors["U"] + tensors["b"])
        z = h @ tensors["W"] + tensors["c"]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor(t * 1.0))
        losses.append(float(loss))
        grads = torch.autograd.grad(loss, tensors.values())
        with torch.no_grad():
            for p, g in zip(tensors.values(), grads):
                p -= lr * g
    return {n: p.detach().numpy() for n, p in tensors.items()}, losses
"""
NUMERICAL = """
def train(X, t, params, lr, steps):
    params, losses = {n: np.array(p) for n, p in params.items()}, []
    for _ in range(steps):
        losses.append(cross_entropy(forward(X, params)[1], t))
        grads = {}
        for n, p in params.items():
            grads[n] = np.zeros(p.shape)
            for at in np.ndindex(p.shape):
                old, p[at] = p[at].copy(), p[at] + 1e-5
                up = cross_entropy(forward(X, params)[1], t)
                p[at] = old - 1e-5
                grads[n][at] = (up - cross_entropy(forward(X, params)[1], t)) / 2e-5
                p[at] = old
        params = {n: np.array(p - lr * grads[n]) for n, p in params.items()}
    return params, losses
"""


def played(box, source, limit_seconds):
    """The verdict on train alone, with a shorter limit."""
    key = train_key()
    exercise = replace(key.exercise, limit_seconds=limit_seconds)
    key = replace(key, exercise=exercise)
    cells = [*cells_of("circle/right_einsum"), ("cell 2", source)]
    (reply,) = box.play(cells, [key.request])
    return judge(key, reply)


def test_a_library_does_not_train_for_the_student(box):
    verdict = played(box, LIBRARY, 30.0)
    assert verdict.score == 0
    assert verdict.status == "stopped"


def test_gradients_by_finite_differences_do_not_come_to_an_end(box):
    verdict = played(box, NUMERICAL, 4.0)
    assert verdict.score == 0
    assert verdict.stopped.how == "timed out"


def test_a_curve_that_claims_success_does_not_make_a_network_right(box):
    lie = "def train(X, t, params, lr, steps):\n    return params, [0.0] * steps\n"
    verdict = played(box, lie, 30.0)
    assert verdict.score == 0
    assert [one.problem for one in verdict.findings if one.array == "accuracy"] == [
        "below the threshold"
    ]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("circle/wrong_dU_sign", "backprop is not right yet; the network cannot learn"),
        ("circle/wrong_sum_for_mean", "backprop is wrong; the network cannot learn"),
        ("moons/wrong_not_in_place", "Momentum.step is wrong; the network cannot learn"),
    ],
)
def test_a_network_that_cannot_learn_points_at_what_is_wrong(name, says, box):
    verdict = verdicts_of(name, box)["train"]
    (finding,) = verdict.findings
    assert says in finding.detail
    assert verdict.diagnosis is None


def test_a_stub_is_what_keeps_the_network_from_learning(box):
    stub = "def backprop(X, t, params):\n    raise NotImplementedError\n"
    cells = [*cells_of("circle/right_einsum"), ("cell 2", stub)]
    (finding,) = verdicts_of("circle/right_einsum", box, cells)["train"].findings
    assert "backprop is not filled in" in finding.detail


@pytest.mark.parametrize(
    ("name", "mistake"),
    [
        ("uphill", "uphill"),
        ("lr_not_used", "learning-rate-ignored"),
        ("steps_twice_as_long", "step-length"),
        ("returns_the_old_ones", "nothing-moved"),
        ("first_gradient", "same-gradient"),
        ("one_step_too_few", "nothing-moved"),
        ("stops_early", "number-of-steps"),
        ("momentum", "between-steps"),
    ],
)
def test_with_right_functions_the_fault_of_the_loop_is_named(name, mistake, box):
    verdict = verdicts_of(f"circle/wrong_train_{name}", box)["train"]
    assert verdict.diagnosis.mistake == mistake


@pytest.mark.parametrize("name", ["weight_decay", "half_of_the_network"])
def test_what_nothing_explains_is_not_explained(name, box):
    assert verdicts_of(f"circle/wrong_train_{name}", box)["train"].diagnosis is None


def test_a_slow_run_counts_and_is_told_so():
    key = train_key()
    verdict = judge(key, reference_reply(key, seconds=50.0))
    assert verdict.score == key.exercise.max_score
    assert "50 of the 120 seconds" in verdict.notes[0]


@pytest.fixture(params=["circle", "moons"])
def shown(request):
    key = train_key(request.param)
    return learned(key, reference_reply(key).outcomes)


def test_what_a_page_shows_is_small_and_plain(shown):
    assert len(json.dumps(asdict(shown), allow_nan=False)) < 40_000
    assert len(shown.losses) == len(shown.expected_losses) == len(shown.at) == 200


def test_what_was_learned_can_be_drawn(shown):
    drawn = pictures(shown)
    assert len(drawn) == (4 if shown.latent else 3)
    assert f"{shown.share:.1%}" in drawn[-1][1]


def test_a_curve_that_ends_in_infinity_is_drawn_to_there():
    key = train_key()
    outcomes = []
    for one in reference_reply(key).outcomes:
        losses = one.arrays["losses"].copy()
        losses[len(losses) // 2 :] = np.inf
        outcomes.append(replace(one, arrays={**one.arrays, "losses": losses}))
    shown = learned(key, outcomes)
    assert len(shown.losses) == 100
    assert pictures(shown)[-1][1].startswith("Loss: yours goes from ")


@pytest.mark.parametrize("slug", ["circle", "moons", "iris"])
@pytest.mark.parametrize("name", ["losses", "accuracy"])
def test_the_largest_numbers_are_kept_from_the_pictures(slug, name):
    key = train_key(slug)
    outcomes = []
    for one in reference_reply(key).outcomes:
        huge = {n: np.full_like(a, 1.79e308) for n, a in one.arrays.items() if n == name}
        outcomes.append(replace(one, arrays={**one.arrays, **huge}))
    verdict = judge(key, Reply(tuple(outcomes)))
    json.dumps(asdict(verdict), allow_nan=False)
    shown = verdict.learned
    assert not (shown.losses if name == "losses" else shown.latent)
    assert pictures(shown)
