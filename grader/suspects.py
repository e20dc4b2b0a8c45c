"""Every mutant of a reference, played on the cases: what each mistake looks like from outside.

Mutants run in the isolation, under limits, like any hand-in: some loop for ever. What they return
becomes part of the key, as plain data; diagnosing a student's answer is then a look-up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.assignment import Assignment
from grader.compare import compare
from grader.exercise import Request
from grader.key import ExerciseKey, Key, Suspect
from grader.mistakes import MISTAKES
from grader.mutants import Mutant, mutants
from grader.notebook import parse
from grader.partial import partial_suspects
from grader.result import Outcome, Reply, Returned
from grader.sandbox.host import Sandbox

LIMIT_SECONDS = 2.0
BATCH = 100


def with_suspects(key: Key, assignment: Assignment, sandbox: Sandbox) -> Key:
    """Return the key with the arrays of every mutant that runs and is not equivalent."""
    exercises = tuple(
        replace(one, suspects=tuple(_suspects(one, assignment, sandbox))) for one in key.exercises
    )
    return replace(key, exercises=exercises)


def _suspects(key: ExerciseKey, assignment: Assignment, sandbox: Sandbox) -> Iterable[Suspect]:
    if key.exercise.kind == "training":  # takes too long; training.py finds the cause
        return
    made = tuple(mutants(assignment.source, key.exercise.name, MISTAKES))
    for mutant, reply in zip(made, play(key, assignment.source, made, sandbox), strict=True):
        answers = [one for one in reply.outcomes if isinstance(one, Returned)]
        if len(answers) == len(key.cases) and not is_equivalent(key, answers):
            yield Suspect(
                mutant.mistake.name,
                (mutant.mistake.nudge, mutant.mistake.place, mutant.mistake.nature),
                mutant.line,
                tuple(_real(answer.arrays) for answer in answers),
            )
    for suspect in partial_suspects(key, assignment):
        if not is_equivalent(key, [Returned(arrays) for arrays in suspect.arrays]):
            yield suspect


def play(key: ExerciseKey, page: str, made: Sequence[Mutant], sandbox: Sandbox) -> Iterable[Reply]:
    """Run the mutants as if they were the exercises of one notebook: the page, then a cell each.

    All are tried on the first case. What does not return from it, as most do not, goes no further.
    """
    request = replace(key.request, limit_seconds=LIMIT_SECONDS)
    first = _play(replace(request, cases=request.cases[:1]), page, made, sandbox)
    alive = [one for one, reply in zip(made, first, strict=True) if _returned(reply)]
    others = iter(_play(request, page, alive, sandbox))
    return [next(others) if _returned(reply) else reply for reply in first]


def _play(request: Request, page: str, made: Sequence[Mutant], sandbox: Sandbox) -> list[Reply]:
    """By the hundred: the time to read all cells counts as time of the first exercise."""
    code = [cell.source for cell in parse(page.encode(), ".py").cells if cell.kind == "code"]
    given = [(f"page {number}", source) for number, source in enumerate(code, 1)]
    replies: list[Reply] = []
    for at in range(0, len(made), BATCH):
        some = made[at : at + BATCH]
        cells = [*given, *((mutant.name, mutant.source) for mutant in some)]
        replies += sandbox.play(cells, [replace(request, exercise=one.name) for one in some])
    return replies


def _real(arrays: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    """As float64: differences of booleans, or of small integers, are not what they seem."""
    return {name: array.astype(float) for name, array in arrays.items()}


def _returned(reply: Reply) -> bool:
    return all(isinstance(one, Returned) for one in reply.outcomes)


def is_equivalent(key: ExerciseKey, answers: Sequence[Outcome]) -> bool:
    """Say whether no array that earns points differs in any case."""
    return all(
        one.correct
        for case, answer in zip(key.cases, answers, strict=True)
        if isinstance(answer, Returned)
        for one in compare(case.expected, answer)
        if one.array in key.exercise.points
    )
