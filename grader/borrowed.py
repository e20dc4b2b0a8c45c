"""Gradients that are right but were not derived: had from differences of forward, or from autograd.

The worker counts calls of forward while backward runs. Honest code may call it once or twice, to
compute something anew; a gradient by differences calls it for every entry. So it does with the
function that an engine is given. Where a formula in torch is asked for autograd's steps are
counted instead, and those of inputs that are moved, of which one is enough.
The count comes from the student's process and can only cost points, never earn them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from grader.key import ExerciseKey
from grader.kinds import KINDS
from grader.result import ArrayVerdict, Diagnosis, Finding, Returned, Status, Verdict

DERIVED = 1e-13  # a formula comes closer; differences do not, even of a linear forward
ENTRIES = 4  # where an array has fewer, the count tells nothing
FEW = 2  # calls that compute something anew


@dataclass(frozen=True)
class Way:
    """How a gradient can be had without its formula, in words for the student; {} is the count."""

    problem: str
    detail: str
    diagnosis: Diagnosis


BY_DIFFERENCES = Way(
    "computed by differences",
    "right, but backward calls forward {} times",
    Diagnosis(
        "computed-by-differences",
        "exact",
        "The numbers are right, but backward calls forward for every entry. Which formula gives "
        "the same without a call of forward?",
        "",
    ),
)
BY_DIFFERENCES_OF_F = Way(
    "computed by differences",
    "right, but f is called with {} other arguments than the given ones",
    Diagnosis(
        "computed-by-differences",
        "exact",
        "The numbers are right, but f is called anew for every entry. Which pass through its graph "
        "gives all of them after a single call?",
        "",
    ),
)
BY_AUTOGRAD = Way(
    "computed by autograd",
    "right, but autograd computed it (its steps: {})",
    Diagnosis(
        "computed-by-autograd",
        "exact",
        "The numbers are right, but they are autograd's. Which formula does it apply for you?",
        "",
    ),
)
BY_TOOLS = Way(
    "not computed by a formula",
    "right, but by autograd or by differences (steps: {})",
    Diagnosis(
        "not-by-a-formula",
        "exact",
        "The numbers are right, but autograd or small steps of the inputs gave them. Which formula "
        "gives them without either?",
        "",
    ),
)


def without_borrowed(key: ExerciseKey, answers: Sequence[Returned], verdict: Verdict) -> Verdict:
    """Return the verdict with the points that the exercise gives to such gradients."""
    kind = KINDS[key.exercise.kind]
    if kind.flavour == "torch":
        names = _by_tools(answers, verdict)
        way = BY_AUTOGRAD if _are_exact(key, names, verdict) else BY_TOOLS
    elif kind.is_laid_out:
        way, names = BY_DIFFERENCES_OF_F, _by_differences_of_f(key, answers, verdict)
    else:
        way, names = BY_DIFFERENCES, _by_differences(key, answers, verdict)
    return _without(names, way, key, answers, verdict) if names else verdict


def _without(
    names: Sequence[str],
    way: Way,
    key: ExerciseKey,
    answers: Sequence[Returned],
    verdict: Verdict,
) -> Verdict:
    share = key.exercise.credit_by_differences
    arrays = tuple(_reduced(one, share) if one.name in names else one for one in verdict.arrays)
    score = sum(one.score for one in arrays)
    at, calls = next((n, a.forward_calls) for n, a in enumerate(answers) if a.forward_calls)
    case = key.cases[at].case.name
    found = tuple(Finding(name, way.problem, way.detail.format(calls), case) for name in names)
    return replace(
        verdict,
        status=Status.PARTIAL if score else Status.WRONG,
        score=score,
        arrays=arrays,
        findings=(*found, *verdict.findings),
        diagnosis=replace(way.diagnosis, array=names[0]),
    )


def _by_tools(answers: Sequence[Returned], verdict: Verdict) -> Sequence[str]:
    """All that is right, once autograd ran, or inputs were moved, in any case."""
    if not any(answer.forward_calls for answer in answers):
        return ()
    return [one.name for one in verdict.arrays if one.correct]


def _are_exact(key: ExerciseKey, names: Sequence[str], verdict: Verdict) -> bool:
    """Say whether one of them is closer than differences come, and so must be autograd's."""
    found = [one for one in verdict.arrays if one.name in names and one.name.startswith("d")]
    return key.is_exact and any((one.relative_error or 0.0) <= DERIVED for one in found)


def _by_differences_of_f(
    key: ExerciseKey, answers: Sequence[Returned], verdict: Verdict
) -> Sequence[str]:
    """What is right of the arrays that any case asked for by so many calls."""
    cases = zip(key.cases, answers, strict=True)
    asked = {n for one, answer in cases if answer.forward_calls > FEW for n in one.case.answers}
    return [one.name for one in verdict.arrays if one.correct and one.name in asked]


def _by_differences(
    key: ExerciseKey, answers: Sequence[Returned], verdict: Verdict
) -> Sequence[str]:
    """The right arrays among those so computed: the inexact ones, or all where none is. Where the
    expected arrays are inexact themselves the numbers of calls must tell."""
    if not any(answer.forward_calls for answer in answers):
        return ()
    right = [one for one in verdict.arrays if one.correct]
    for case, answer in zip(key.cases, answers, strict=True):
        expected = [case.expected[one.name] for one in verdict.arrays if one.name in case.expected]
        sizes = [one.array.size for one in expected]
        telling = [size for size in sizes if size >= ENTRIES]
        if telling and answer.forward_calls < min(telling):
            return ()
    if not key.is_exact:
        return _by_calls(key, answers, [one.name for one in right])
    inexact = [one.name for one in right if (one.relative_error or 0.0) > DERIVED]
    return inexact or [one.name for one in right]


def _by_calls(key: ExerciseKey, answers: Sequence[Returned], names: Sequence[str]) -> Sequence[str]:
    """The arrays whose entries, and no others', took the calls of every case; none where several
    groups of arrays would explain them."""
    groups = [group for n in range(1, len(names) + 1) for group in combinations(names, n)]
    fitting = [group for group in groups if _explains(key, answers, group)]
    return fitting[0] if len(fitting) == 1 else ()


def _explains(key: ExerciseKey, answers: Sequence[Returned], group: Sequence[str]) -> bool:
    """As many calls for each entry in all cases, and a few for something else."""
    each, others = set(), set()
    for case, answer in zip(key.cases, answers, strict=True):
        if case.case.calls != "once":
            continue
        entries = sum(case.expected[name].array.size for name in group if name in case.expected)
        if not entries:
            return False
        each.add(answer.forward_calls // entries)
        others.add(answer.forward_calls % entries)
    return len(each) == 1 and min(each) > 0 and max(others) <= FEW


def _reduced(array: ArrayVerdict, share: float) -> ArrayVerdict:
    return replace(array, correct=False, score=float(int(array.max_score * share)))
