"""Does it learn? What a training run earns, and what is at fault when it earns nothing.

A run hands back parameters and a curve. Steps and curve are compared with the reference's; the
accuracy is found here, with a forward pass of our own, on points that student code never saw.
There is no backward pass in this module: students have it installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.compare import Comparison, compare
from grader.exercise import Case, Exercise
from grader.key import CaseKey, ExerciseKey, Expected
from grader.kinds import KINDS
from grader.result import Finding, Reply, Returned, Status, Verdict

Arrays = Mapping[str, np.ndarray]

CURVE = 100  # how much of a long curve is compared: what follows it, rounding can decide
WORDS = {
    Status.WRONG: "is wrong",
    Status.PARTIAL: "is not right yet",
    Status.MISSING: "is not filled in",
    Status.STOPPED: "stops with an error",
}
SLOW = 0.1  # of the limit
SIMILAR = 0.2  # cosine; wrong gradients that still train are above, made-up parameters about 0

ACTIVATIONS: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0.0),
}


def comparisons(
    key: ExerciseKey, answers: Sequence[Returned]
) -> Iterator[tuple[CaseKey, Comparison]]:
    """Compare what came back of every run, as grader.compare does for other exercises."""
    own_steps = _steps_lead_downhill(key, answers)
    for case, answer in zip(key.cases, answers, strict=True):
        for one in compare(case.expected, answer):
            if one.array == "losses":
                yield case, _curve(case, answer, one)
            elif one.array == "accuracy":
                yield case, _accuracy(case, answer, one, own_steps)
            else:
                yield case, _located(case.case, one)


def learns(key: CaseKey) -> bool:
    """Say whether the reference learns from here with a margin to spare, and early: a start from
    which it finds the valley late is one from which rounding may lead right code elsewhere.

    True where no accuracy is asked for.
    """
    if key.fresh is None:
        return True
    options, curve = key.case.options, key.expected["losses"].array
    share = share_right(key.case, key.expected["accuracy"].array, key.fresh)
    is_early = curve[len(curve) // 4] <= options["settled"]
    return bool(is_early and share >= options["threshold"] + options["margin"])


def share_right(case: Case, moved: np.ndarray, points: np.ndarray) -> float:
    """Which share of the points the network gets right, having moved that far from its start."""
    _, scores = forward(case, parameters(case, moved), points[:, :-1])
    said = scores > 0 if scores.ndim == 1 else scores.argmax(axis=1)
    return float(np.mean(said == points[:, -1]))


def parameters(case: Case, moved: np.ndarray) -> dict[str, np.ndarray]:
    """The arrays whose differences from the case's own are in the row moved."""
    arrays, at = {}, 0
    for name, start in case.params.items():
        arrays[name] = start + moved[at : at + start.size].reshape(start.shape)
        at += start.size
    return arrays


def forward(case: Case, params: Arrays, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Our own forward pass: (output of the last hidden layer, scores)."""
    network: Mapping[str, Any] = case.options["network"]
    *hidden, (last_weights, last_bias) = network["layers"]
    with np.errstate(all="ignore"):
        for weights, bias in hidden:
            x = ACTIVATIONS[network["activation"]](x @ params[weights] + params[bias])
        return x, x @ params[last_weights] + params[last_bias]


def _located(case: Case, one: Comparison) -> Comparison:
    """Say in which parameter the difference is, since all of them stand in one row."""
    found = re.match(r"at \[(\d+)\] (.*)", one.detail)
    if not found:
        return one
    place = int(found[1])
    for name, start in case.params.items():
        if place < start.size:
            at = [int(index) for index in np.unravel_index(place, start.shape)]
            where = f"{name} at {at}" if at else name
            return replace(one, detail=f"{where} has moved: {found[2]}")
        place -= start.size
    return one


def _curve(key: CaseKey, answer: Returned, found: Comparison) -> Comparison:
    """A curve counts by its length and its beginning."""
    if "losses" not in answer.arrays:
        return found
    want, got = key.expected["losses"], answer.arrays["losses"]
    if got.shape != want.array.shape:
        detail = (
            f"yours has shape {got.shape}, expected {want.array.shape}: one loss per step, found "
            f"before the update"
        )
        return Comparison("losses", "wrong length", detail, None)
    beginning = {"losses": Expected(want.array[:CURVE], want.size)}
    (comparison,) = compare(beginning, replace(answer, arrays={"losses": got[:CURVE]}))
    return comparison


def _accuracy(key: CaseKey, answer: Returned, found: Comparison, own_steps: bool) -> Comparison:
    if found.problem not in ("", "wrong values") or key.fresh is None:
        return found
    share = share_right(key.case, answer.arrays["accuracy"], key.fresh)
    told = f"{share:.1%} of {len(key.fresh)} points that your code has not seen are right"
    if share < key.case.options["threshold"]:
        needed = key.case.options["threshold"]
        return Comparison("accuracy", "below the threshold", f"{told}, {needed:.0%} needed", None)
    if not own_steps:
        detail = f"{told}, but steps like those of your short runs do not lead there"
        return Comparison("accuracy", "not trained", detail, None)
    return Comparison("accuracy", "", "", None)


def _steps_lead_downhill(key: ExerciseKey, answers: Sequence[Returned]) -> bool:
    """Whether single steps go roughly where gradient descent goes. Parameters that were not
    trained but made up can be as accurate as they like, these do not."""
    pairs = [
        (case.expected["after_one_step"].array, answer.arrays.get("after_one_step", np.zeros(1)))
        for case, answer in zip(key.cases, answers, strict=True)
        if "after_one_step" in case.expected
    ]
    return all(_cosine(want, got) > SIMILAR for want, got in pairs)


def _cosine(want: np.ndarray, got: np.ndarray) -> float:
    if want.shape != got.shape or not np.isfinite(got).all():
        return 0.0
    scale = np.abs(got).max(initial=0.0) or 1.0  # squares of huge numbers overflow
    length = float(np.linalg.norm(want) * np.linalg.norm(got / scale))
    return float(want @ (got / scale)) / length if length else 0.0


def slow(key: ExerciseKey, reply: Reply) -> Iterator[str]:
    """A note for a run that takes much of the time it may take. It costs nothing."""
    limit = key.exercise.limit_seconds
    if key.exercise.kind == "training" and reply.seconds > SLOW * limit:
        yield (
            f"all runs together took {reply.seconds:.0f} of the {limit:.0f} seconds they may take; "
            f"one product of arrays for a loop over points makes that a hundred times quicker"
        )


def blame(exercises: Sequence[Exercise], verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Where a network cannot learn because of another exercise, say that and nothing else.

    options["parts"] names the exercises that a training run makes use of; else it is all of them.
    """
    pairs = list(zip(exercises, verdicts, strict=True))
    culprits = {
        one.name: f"{_method(one)} {WORDS[verdict.status]}"
        for one, verdict in pairs
        if one.kind != "training" and verdict.status in WORDS
    }
    return tuple(
        _blamed(verdict, _parts(one, culprits)) if one.kind == "training" else verdict
        for one, verdict in pairs
    )


def _parts(exercise: Exercise, culprits: Mapping[str, str]) -> list[str]:
    parts = exercise.options.get("parts", culprits)
    return [words for name, words in culprits.items() if name in parts]


def _blamed(verdict: Verdict, culprits: Sequence[str]) -> Verdict:
    """Its own steps being right, a run that fails otherwise does so for reasons of its own."""
    first = [one.correct for one in verdict.arrays if one.name == "after_one_step"]
    if not culprits or verdict.status not in WORDS or all(first):
        return verdict
    these = "it is" if len(culprits) == 1 else "they are"
    detail = f"{_listed(culprits)}; the network cannot learn before {these} right"
    return replace(verdict, findings=(Finding("", "cannot learn yet", detail, ""),), diagnosis=None)


def _method(exercise: Exercise) -> str:
    method = {"optimizer": ".step"}.get(exercise.kind, ".backward")
    return exercise.name + (method if KINDS[exercise.kind].is_class else "")


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if words[1:] else "") + words[-1]
