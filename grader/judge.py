"""From what came back to a verdict: points per array, and findings in the student's words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.borrowed import without_borrowed
from grader.compare import Comparison, compare, grid
from grader.exercise import Case
from grader.key import CaseKey, ExerciseKey
from grader.learned import learned
from grader.result import (
    ArrayVerdict,
    Died,
    Finding,
    Outcome,
    Raised,
    Refused,
    Reply,
    Returned,
    Status,
    Stopped,
    TimedOut,
    Undefined,
    Verdict,
)
from grader.training import comparisons, slow

WRITTEN_INTO = "modified by an inplace operation"  # as torch says, at an innocent line
IN_PLACE = (
    "your code wrote into a tensor that is still needed as it was, by -=, by a method whose name "
    "ends in _, or by setting entries; work on a copy (clone) of what was saved or handed in"
)

Compared = Sequence[tuple[Case, Comparison]]  # one array through all cases


def judge(key: ExerciseKey, reply: Reply) -> Verdict:
    """Judge one exercise.

    An array earns its points when it is right in every case. A case that did not return leaves
    nothing to trust: the exercise is stopped, or missing where the stub was never filled in.
    """
    answers = [one for one in reply.outcomes if isinstance(one, Returned)]
    if len(answers) == len(key.cases):
        return without_borrowed(key, answers, _with_answers(key, reply, answers))
    return _without_answer(key, reply)


def _without_answer(key: ExerciseKey, reply: Reply) -> Verdict:
    stops = [(n, one) for n, one in enumerate(reply.outcomes) if not isinstance(one, Returned)]
    if not stops:
        raise ValueError(f"{key.exercise.name}: no outcome that explains the lack of answers")
    number, ended = stops[0]
    case = key.cases[number].case.name
    if all(_is_stub(one) for one in reply.outcomes):
        return replace(_blank(key, reply), findings=(_left_out(ended, case),))
    stopped = explain(ended)
    finding = Finding("", stopped.how, stopped.detail, case)
    return replace(_blank(key, reply), status=Status.STOPPED, findings=(finding,), stopped=stopped)


def _is_stub(outcome: Outcome) -> bool:
    match outcome:
        case Undefined() | Raised(type="NotImplementedError"):
            return True
    return False


def _left_out(outcome: Outcome, case: str) -> Finding:
    if isinstance(outcome, Undefined):
        detail = "the notebook does not define it; was its cell deleted, or the name changed?"
        return Finding("", "not defined", detail, case)
    return Finding("", "not filled in", "it still raises NotImplementedError", case)


def explain(outcome: Outcome) -> Stopped:
    """Say in the student's words why a case gave no arrays."""
    match outcome:
        case Raised(message=message) if WRITTEN_INTO in message:
            return Stopped("raised", IN_PLACE)
        case Raised(type=kind, message=message, where=where, line=line, source=source):
            place = f"{where}: " if where else ""
            quoted = f"`{source}` raised " if source else ""
            return Stopped("raised", f"{place}{quoted}{kind}: {message}".rstrip(": "), line)
        case TimedOut(limit_seconds=limit):
            return Stopped(
                "timed out", f"still running after {limit:g} seconds; does a loop never end?"
            )
        case Died(reason=reason):
            return Stopped("died", f"the process ended before it had answered: {reason}")
        case Refused(reason=reason):
            return Stopped("refused", f"what came back cannot be used: {reason}")
    return Stopped("refused", "no answer")


def _with_answers(key: ExerciseKey, reply: Reply, answers: Sequence[Returned]) -> Verdict:
    compared: dict[str, list[tuple[Case, Comparison]]] = {}
    changed: dict[str, Finding] = {}
    compare_all = comparisons if key.exercise.kind == "training" else _comparisons
    for case, comparison in compare_all(key, answers):
        compared.setdefault(comparison.array, []).append((case.case, comparison))
    for case, answer in zip(key.cases, answers, strict=True):
        for finding in _overwritten(case.case, answer):
            changed.setdefault(finding.array, finding)
    checked = {name: compared[name] for name in key.exercise.points}
    if all(one.problem == "missing" for column in checked.values() for _, one in column):
        empty = Finding("", "not filled in", "it computes none of its arrays", "")
        return replace(_blank(key, reply), findings=(empty,))
    arrays = tuple(
        _array_verdict(column, key.exercise.points[name]) for name, column in checked.items()
    )
    findings = [found for column in compared.values() for found in _differences(column)]
    if key.exercise.kind != "training":  # hundreds of parameters in a row are no picture
        findings = [_with_grid(found, key, answers) for found in findings]
    return replace(
        _blank(key, reply),
        status=_status(arrays),
        score=sum(array.score for array in arrays),
        arrays=arrays,
        findings=(*findings, *changed.values()),
        notes=(*reply.notes, *(_notes(checked) if key.is_exact else ()), *slow(key, reply)),
        learned=learned(key, answers) if key.exercise.kind == "training" else None,
    )


def _comparisons(
    key: ExerciseKey, answers: Sequence[Returned]
) -> Iterator[tuple[CaseKey, Comparison]]:
    for case, answer in zip(key.cases, answers, strict=True):
        yield from ((case, comparison) for comparison in compare(case.expected, answer))


def _status(arrays: Sequence[ArrayVerdict]) -> Status:
    right = sum(array.correct for array in arrays)
    if right == len(arrays):
        return Status.CORRECT
    return Status.PARTIAL if right else Status.WRONG


def _array_verdict(column: Compared, points: int) -> ArrayVerdict:
    correct = all(one.correct for _, one in column)
    errors = [one.relative_error for _, one in column if one.relative_error is not None]
    worst = max(errors) if errors else None
    score = float(points) if correct else 0.0
    return ArrayVerdict(column[0][1].array, correct, score, float(points), worst)


def _differences(column: Compared) -> Iterator[Finding]:
    """The first case in which this array differs, and how that compares with the others."""
    wrong = [(case, one) for case, one in column if not one.correct]
    if not wrong:
        return
    case, one = wrong[0]
    right = len(column) - len(wrong)
    others = f"; right in {right} of {len(column)} cases" if right else ""
    hint = "; forward was given, has it been changed?" if one.array in ("out", "loss") else ""
    yield Finding(one.array, one.problem, one.detail + others + hint, case.name)


def _with_grid(found: Finding, key: ExerciseKey, answers: Sequence[Returned]) -> Finding:
    for case, answer in zip(key.cases, answers, strict=True):
        if case.case.name == found.case and found.array in answer.arrays:
            return replace(found, grid=grid(case.expected[found.array], answer.arrays[found.array]))
    return found


def _overwritten(case: Case, answer: Returned) -> Iterator[Finding]:
    """Arguments that are not what they were. A finding of its own, which costs no points."""
    given = {**case.params, **case.inputs}
    if case.upstream is not None:
        given["upstream"] = case.upstream
    for name, after in answer.arguments.items():
        if name in given and not np.array_equal(after, given[name], equal_nan=True):
            detail = f"your code wrote into {name}, which belongs to the caller; work on a copy"
            yield Finding(name, "argument changed", detail, case.name)


def _notes(checked: Mapping[str, Compared]) -> Iterator[str]:
    for name, column in checked.items():
        errors = [one.relative_error or 0.0 for _, one in column if one.inexact]
        if errors and all(one.correct for _, one in column):
            yield (
                f"{name} is right, to a relative error of {max(errors):.0e}: less exact than "
                f"float64 allows (float32, or an epsilon?)"
            )


def _blank(key: ExerciseKey, reply: Reply) -> Verdict:
    """A verdict without a point, to be filled in."""
    exercise = key.exercise
    return Verdict(
        name=exercise.name,
        status=Status.MISSING,
        score=0.0,
        max_score=float(exercise.max_score),
        seconds=round(reply.seconds, 6),
        arrays=tuple(
            ArrayVerdict(name, False, 0.0, float(of), None) for name, of in exercise.points.items()
        ),
        notes=reply.notes,
    )
