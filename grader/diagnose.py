"""The cause behind wrong arrays: which mistake, made in the reference, gives exactly these?

Precision before recall. "exact": one mistake explains every array in every case. "likely": the
evidence fits, but something else could have given it as well. Otherwise nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from grader.faults import fault
from grader.fingerprints import alike, multiples
from grader.hypotheses.calls import state
from grader.hypotheses.exchanges import exchanged, missing
from grader.hypotheses.factors import factor
from grader.hypotheses.general import descriptions, explanations
from grader.hypotheses.seen import Explanation, Seen
from grader.hypotheses.values import nothing
from grader.hypotheses.weights import weights
from grader.key import ExerciseKey, Suspect
from grader.kinds import KINDS
from grader.result import Diagnosis, Reply, Returned, Verdict

FEWEST_CASES = 3  # that a mistake must explain to be named, where it does not explain all
HINT_LEVEL = 2  # how many of the three levels of a hint are told


def diagnose(
    key: ExerciseKey, reply: Reply, verdict: Verdict, hint_level: int = HINT_LEVEL
) -> Verdict:
    """Return the verdict with a diagnosis, where there is one."""
    wrong = [array.name for array in verdict.arrays if not array.correct]
    answers = [one for one in reply.outcomes if isinstance(one, Returned)]
    if not wrong or verdict.diagnosis or len(answers) < len(key.cases):
        return verdict
    if key.exercise.kind == "training":
        return replace(verdict, diagnosis=fault(key, answers))
    if not KINDS[key.exercise.kind].is_formula:
        return verdict
    told = KINDS[key.exercise.kind].further  # no gradients, so no mistake in one explains them
    columns = {
        name: _column(key, answers, name) for name in key.exercise.points if name not in told
    }
    wrong = [name for name in wrong if name in columns]
    with np.errstate(all="ignore"):  # wrong answers may be of any size
        causes = _causes(key, columns, wrong, _was_written_into(verdict)) if wrong else iter(())
        cause = next(causes, None)
    if cause:
        array, explanation, others = cause
        hint = " ".join(explanation.hints[:hint_level])
        if others:
            hint += f" (The same numbers come from: {', or '.join(others)}.)"
        diagnosis = Diagnosis(explanation.mistake, explanation.certainty, hint, array)
        return replace(verdict, diagnosis=diagnosis)
    return verdict


CHANGED = (
    "Which arrays are there only to be read?",
    "Look at what your code writes into, and at what it computes from it afterwards.",
    "An array is changed in place that later lines, or the caller, still need as it was.",
)


def _was_written_into(verdict: Verdict) -> bool:
    return any(finding.problem == "argument changed" for finding in verdict.findings)


Columns = dict[str, list[Seen]]


def _column(key: ExerciseKey, answers: Sequence[Returned], name: str) -> list[Seen]:
    """The array in all cases that ask for it."""
    return [
        Seen(case.case, case.expected[name].array, case.expected[name].size, _real(answer, name))
        for case, answer in zip(key.cases, answers, strict=True)
        if name in case.expected
    ]


def _real(answer: Returned, name: str) -> np.ndarray | None:
    """As float64: differences of booleans, or of small integers, are not what they seem."""
    return answer.arrays[name].astype(float) if name in answer.arrays else None


Cause = tuple[str, Explanation, list[str]]


def _causes(
    key: ExerciseKey, columns: Columns, wrong: Sequence[str], was_written_into: bool
) -> Iterator[Cause]:
    """What explains everything, then what explains one array, then what describes one; each with
    its equals. An argument that was written into is a better guess than a description."""
    yield from _of_everything(key, columns, wrong)
    if KINDS[key.exercise.kind].is_laid_out:
        return
    found = {name: list(explanations(columns[name])) for name in wrong}
    for one in found[wrong[0]]:
        everywhere = all(one in others for others in found.values())
        yield wrong[0], one if everywhere else replace(one, certainty="likely"), []
    for name in wrong:
        yield from ((name, replace(one, certainty="likely"), []) for one in found[name])
        yield from _of_one(key, columns, name)
        if was_written_into:
            yield name, Explanation("argument-changed", CHANGED, "likely"), []
        yield from ((name, one, []) for one in descriptions(columns[name]))


def _of_everything(key: ExerciseKey, columns: Columns, wrong: Sequence[str]) -> Iterator[Cause]:
    for plain in (state, nothing, factor):  # nothing is simpler, if it explains all
        causes = [plain(columns[name]) for name in wrong]
        if causes[0] and all(one == causes[0] for one in causes):
            yield wrong[0], causes[0], []
    guilty = [
        one
        for one in _alike(key, columns, wrong[0])
        if all(_fits(key, one, columns, name) for name in columns)
    ]
    if guilty:
        yield wrong[0], _explanation(guilty[0], "exact"), _others(guilty)


def _of_one(key: ExerciseKey, columns: Columns, name: str) -> Iterator[Cause]:
    column = columns[name]
    if partly := [one for one in _alike(key, columns, name) if _fits(key, one, columns, name)]:
        yield name, _explanation(partly[0], "likely"), _others(partly)
    if other := missing(columns, name) or exchanged(columns, name):
        yield name, other, []
    yield from ((name, one, []) for one in _weighted(key, column, name))
    yield from ((name, one, []) for one in _twice_wrong(key, column, name))
    if mostly := _mostly(key, column, name):
        yield name, _explanation(mostly[0], "likely"), _others(mostly)


def _weighted(key: ExerciseKey, column: Sequence[Seen], name: str) -> Iterator[Explanation]:
    """A sum of the reference with other weights on its terms."""
    sums: dict[str, list[list[np.ndarray]]] = {}
    for suspect in key.suspects:
        alone = _against(key, suspect, column, name) if suspect.term_of else []
        with suppress(ValueError):  # a term may be of a shape that only another one gives it
            arrays = [
                np.broadcast_to(one.expected, seen.expected.shape)
                for one, seen in zip(alone, column, strict=bool(alone))
            ]
            sums.setdefault(suspect.term_of, []).append(arrays)
    sums.pop("", None)
    for terms in sums.values():
        if len(terms) > 1 and (found := weights(column, terms)):
            yield found


def _twice_wrong(key: ExerciseKey, column: Sequence[Seen], name: str) -> Iterator[Explanation]:
    """One mistake, and a factor on top of it: only both together explain every case."""
    candidates = multiples(key, name, [seen.answer for seen in column])
    for suspect in sorted(
        candidates, key=lambda one: one.line
    ):  # counting a part alone is simplest
        against = _against(key, suspect, column, name)
        if against and (found := factor(against)):
            pairs = zip(suspect.hints, found.hints, strict=True)
            nudge, place, nature = (" ".join(dict.fromkeys(pair)) for pair in pairs)
            both = f"{suspect.mistake} and {found.mistake}"
            yield Explanation(both, (nudge, place, nature), "likely")


def _mostly(key: ExerciseKey, column: Sequence[Seen], name: str) -> list[Suspect]:
    """Those that explain most of the wrong cases, but not all: something else is wrong too, or
    extreme values are treated in another way."""
    needed = max(FEWEST_CASES, sum(not seen.is_right for seen in column) * 2 // 3)
    return [
        suspect
        for suspect in alike(key, name, [seen.answer for seen in column], misses=1)
        if _count(_against(key, suspect, column, name), column) >= needed
    ]


def _count(against: Sequence[Seen], column: Sequence[Seen]) -> int:
    """In how many of the wrong cases the suspect explains the answer."""
    wrong = {seen.case.name for seen in column if not seen.is_right}
    return sum(seen.is_right for seen in against if seen.case.name in wrong)


def _alike(key: ExerciseKey, columns: Columns, name: str) -> list[Suspect]:
    return alike(key, name, [seen.answer for seen in columns[name]])


def _fits(key: ExerciseKey, suspect: Suspect, columns: Columns, name: str) -> bool:
    """Say whether the suspect's array equals the student's in every case, to rounding. Long cases
    that it was not played in say nothing."""
    pairs = list(zip(key.cases, suspect.arrays, strict=True))
    if all(arrays is None for case, arrays in pairs if name in case.expected):
        return True
    against = _against(key, suspect, columns[name], name)
    return bool(against) and all(seen.is_right for seen in against)


def _against(key: ExerciseKey, suspect: Suspect, column: Sequence[Seen], name: str) -> list[Seen]:
    """The student's array beside the suspect's; empty where the suspect has none."""
    pairs = zip(key.cases, suspect.arrays, strict=True)
    asked = [arrays for case, arrays in pairs if name in case.expected]
    if not all(arrays is None or name in arrays for arrays in asked):
        return []
    return [
        replace(seen, expected=arrays[name])
        for arrays, seen in zip(asked, column, strict=True)
        if arrays is not None
    ]


def _explanation(suspect: Suspect, certainty: str) -> Explanation:
    return Explanation(suspect.mistake, suspect.hints, certainty)


def _others(suspects: Sequence[Suspect]) -> list[str]:
    names = dict.fromkeys(one.mistake for one in suspects)
    return [name.replace("-", " ") for name in names][1:]
