"""Gradients that are right but were not derived: computed by calling forward again and again.

The worker counts calls of forward while backward runs. Honest code may call it once or twice, to
compute something anew; a gradient by differences calls it for every entry. The count comes from
the student's process and can only cost points, never earn them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from grader.key import ExerciseKey
from grader.result import ArrayVerdict, Diagnosis, Finding, Returned, Status, Verdict

DERIVED = 1e-13  # a formula comes closer; differences do not, even of a linear forward
ENTRIES = 4  # where an array has fewer, the count tells nothing
PROBLEM = "computed by differences"
DIAGNOSIS = Diagnosis(
    "computed-by-differences",
    "exact",
    "The numbers are right, but backward calls forward for every entry. Which formula gives the "
    "same without a call of forward?",
    "",
)


def without_borrowed(key: ExerciseKey, answers: Sequence[Returned], verdict: Verdict) -> Verdict:
    """Return the verdict with the points that the exercise gives to gradients by differences."""
    names = _by_differences(key, answers, verdict)
    if not names:
        return verdict
    share = key.exercise.credit_by_differences
    arrays = tuple(_reduced(one, share) if one.name in names else one for one in verdict.arrays)
    score = sum(one.score for one in arrays)
    detail = f"right, but backward calls forward {answers[0].forward_calls} times"
    found = tuple(Finding(name, PROBLEM, detail, key.cases[0].case.name) for name in names)
    return replace(
        verdict,
        status=Status.PARTIAL if score else Status.WRONG,
        score=score,
        arrays=arrays,
        findings=(*found, *verdict.findings),
        diagnosis=replace(DIAGNOSIS, array=names[0]),
    )


def _by_differences(
    key: ExerciseKey, answers: Sequence[Returned], verdict: Verdict
) -> Sequence[str]:
    """The right arrays among those so computed: the inexact ones, or all where none is."""
    if not any(answer.forward_calls for answer in answers):
        return ()
    right = [one for one in verdict.arrays if one.correct]
    for case, answer in zip(key.cases, answers, strict=True):
        expected = [case.expected[one.name] for one in verdict.arrays if one.name in case.expected]
        sizes = [one.array.size for one in expected]
        telling = [size for size in sizes if size >= ENTRIES]
        if telling and answer.forward_calls < min(telling):
            return ()
    inexact = [one.name for one in right if (one.relative_error or 0.0) > DERIVED]
    return inexact or [one.name for one in right]


def _reduced(array: ArrayVerdict, share: float) -> ArrayVerdict:
    return replace(array, correct=False, score=float(int(array.max_score * share)))
