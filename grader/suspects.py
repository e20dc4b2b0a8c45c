"""Every mutant of a reference, played on the cases: what each mistake looks like from outside.

Mutants run in the isolation, under limits, like any hand-in: some loop for ever. What they return
becomes part of the key, as plain data; diagnosing a student's answer is then a look-up.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from grader import rehearsal
from grader.assignment import Assignment
from grader.compare import compare
from grader.exercise import Case, Request
from grader.fingerprints import fingerprints
from grader.key import ExerciseKey, Key, Suspect
from grader.kinds import KINDS
from grader.mistakes.catalogue import MISTAKES
from grader.mutants import Mutant, mutants
from grader.notebook import parse
from grader.partial import partial_suspects
from grader.result import Outcome, Reply, Returned
from grader.sandbox import wire
from grader.sandbox.host import Sandbox
from grader.scope import watched

REHEARSAL = inspect.getsource(rehearsal)
LIMIT_SECONDS = 2.0  # for one case of one mutant
BATCH = 100


def with_suspects(key: Key, assignment: Assignment, sandbox: Sandbox) -> Key:
    """Return the key with the arrays of every mutant that runs and is not equivalent."""
    return replace(
        key, exercises=tuple(_with_suspects(one, assignment, sandbox) for one in key.exercises)
    )


def _with_suspects(key: ExerciseKey, assignment: Assignment, sandbox: Sandbox) -> ExerciseKey:
    found = tuple(_suspects(key, assignment, sandbox))
    by_look = fingerprints(found, key.cases, tuple(key.exercise.points)) if found else {}
    return replace(key, suspects=found, fingerprints=by_look)


def _suspects(key: ExerciseKey, assignment: Assignment, sandbox: Sandbox) -> Iterable[Suspect]:
    if key.exercise.kind == "training":  # takes too long; training.py finds the cause
        return
    made = mutants_of(key, assignment)
    for mutant, reply in zip(made, play(key, assignment.source, made, sandbox), strict=True):
        answers = [one for one in reply.outcomes if isinstance(one, Returned)]
        if len(answers) == len(key.cases) and not is_equivalent(key, answers):
            yield Suspect(
                mutant.mistake.name,
                (mutant.mistake.nudge, mutant.mistake.place, mutant.mistake.nature),
                mutant.line,
                tuple(_real(answer.arrays) for answer in answers),
                f"{mutant.line}: {mutant.before}" if mutant.is_single_term else "",
            )
    for suspect in partial_suspects(key, assignment):
        if not is_equivalent(key, [Returned(arrays) for arrays in suspect.arrays]):
            yield suspect


def mutants_of(key: ExerciseKey, assignment: Assignment) -> tuple[Mutant, ...]:
    """All mutants of the reference; what is alike in it is seen in the first case."""
    name, kind, case = key.exercise.name, key.exercise.kind, key.cases[0].case

    def observe(source: str, stub: str) -> Mapping[str, Any]:
        namespace = dict(assignment.namespace)
        exec(compile(source, "<reference>", "exec"), namespace)
        with np.errstate(all="ignore"):
            return watched(lambda: KINDS[kind].play(namespace, name, case), stub)

    return tuple(mutants(assignment.source, name, MISTAKES, observe))


def play(key: ExerciseKey, page: str, made: Sequence[Mutant], sandbox: Sandbox) -> list[Reply]:
    """Run the mutants as if they were the exercises of one notebook: the page, then a cell each.

    The reply of one that does not return from a case ends before that case.
    """
    code = [cell.source for cell in parse(page.encode(), ".py").cells if cell.kind == "code"]
    given = [(f"page {number}", source) for number, source in enumerate(code, 1)]
    lends = replace(sandbox, lent=KINDS[key.exercise.kind].flavour)
    replies: list[Reply] = []
    for at in range(0, len(made), BATCH):
        replies += _play(key.request, given, made[at : at + BATCH], lends)
    return replies


def _play(
    request: Request, given: Sequence[tuple[str, str]], made: Sequence[Mutant], sandbox: Sandbox
) -> list[Reply]:
    """All in one process; where that does not survive, in two halves."""
    cells = [*given, *((mutant.name, mutant.source) for mutant in made)]
    source = f"{REHEARSAL}\nCELLS = {cells!r}"
    asked = np.frombuffer(wire.pack_request(0, request), np.uint8)
    options = {"names": [mutant.name for mutant in made], "seconds": LIMIT_SECONDS}
    case = Case("all", ("told", "block"), {"asked": asked}, options=options)
    limit = LIMIT_SECONDS * (len(made) + 1)
    (reply,) = sandbox.play(
        [("rehearsal", source)], [Request("rehearse", "function", (case,), limit)]
    )
    match reply.outcomes:
        case (Returned(arrays=arrays),):
            return list(_told(arrays["told"], arrays["block"].tobytes()))
    if len(made) == 1:
        return [reply]
    middle = len(made) // 2
    parts = (made[:middle], made[middle:])
    return [one for part in parts for one in _play(request, given, part, sandbox)]


def _told(told: np.ndarray, block: bytes) -> Iterator[Reply]:
    at = 0
    for listed in json.loads(told.tobytes()):
        outcomes = []
        for described in listed:
            size = sum(np.dtype(kind).itemsize * prod(shape) for _, kind, shape in described)
            outcomes.append(Returned(dict(wire.rebuild(described, block[at : at + size]))))
            at += size
        yield Reply(tuple(outcomes))


def _real(arrays: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    """As float64: differences of booleans, or of small integers, are not what they seem."""
    return {name: array.astype(float) for name, array in arrays.items()}


def is_equivalent(key: ExerciseKey, answers: Sequence[Outcome]) -> bool:
    """Say whether no array that earns points differs in any case."""
    return all(
        one.correct
        for case, answer in zip(key.cases, answers, strict=True)
        if isinstance(answer, Returned)
        for one in compare(case.expected, answer)
        if one.array in key.exercise.points
    )
