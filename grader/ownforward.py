"""Wrong against the reference, but right for the forward that the student has.

Where forward itself gives other numbers than the one handed out, backward may still be its
derivative. Finite differences of the student's own forward, taken where their code runs, tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from grader.exercise import DIFFERENCES, Request
from grader.key import ExerciseKey
from grader.result import Diagnosis, Reply, Returned, Verdict
from grader.witness import has_forward

FORWARD = {"out", "loss"}
TOLERANCE = 1e-5  # relative; finite differences of a strange forward may be no better
MOST_CASES = 3

HINT = (
    "Is forward still as it was handed out? backward is right for the forward that stands there, "
    "but that forward gives other numbers."
)


def with_own_forward(
    key: ExerciseKey, reply: Reply, verdict: Verdict, play: Callable[[Request], Reply]
) -> Verdict:
    """Return the verdict with this cause, where it is the cause.

    play: runs one request on the student's code
    """
    wrong = {one.name for one in verdict.arrays if not one.correct}
    if verdict.diagnosis and verdict.diagnosis.certainty == "exact":
        return verdict
    is_changed = FORWARD & {finding.array for finding in verdict.findings}
    if not (wrong and is_changed and has_forward(key.exercise.kind)):
        return verdict
    chosen = [n for n, one in enumerate(key.cases) if one.case.calls == "once"][:MOST_CASES]
    cases = tuple(replace(key.cases[n].case, calls=DIFFERENCES) for n in chosen)
    told = play(replace(key.request, cases=cases)).outcomes
    pairs = [
        (told_one, answer)
        for told_one, answer in zip(told, (reply.outcomes[n] for n in chosen), strict=False)
        if isinstance(told_one, Returned) and isinstance(answer, Returned)
    ]
    if len(pairs) == len(chosen) and all(_agree(*pair, wrong) for pair in pairs):
        cause = Diagnosis("right-for-another-forward", "exact", HINT, min(wrong))
        return replace(verdict, diagnosis=cause)
    return verdict


def _agree(own: Returned, answer: Returned, names: set[str]) -> bool:
    return all(_close(own.arrays.get(name), answer.arrays.get(name)) for name in names)


def _close(own: np.ndarray | None, answer: np.ndarray | None) -> bool:
    if own is None or answer is None or own.shape != answer.shape:
        return False
    own, answer = own.astype(float), answer.astype(float)
    size = np.abs(own).max(initial=0.0)
    return bool((np.abs(own - answer) <= TOLERANCE * (size or 1.0)).all())
