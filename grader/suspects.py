"""Every mutant of a reference, played on the cases: what each mistake looks like from outside.

Mutants run in the isolation, under limits, like any hand-in: some loop for ever. What they return
becomes part of the key, as plain data; diagnosing a student's answer is then a look-up.
"""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import prod
from statistics import median
from typing import Any

import numpy as np

from grader import rehearsal
from grader.assignment import Assignment
from grader.compare import compare
from grader.exercise import Case, Request
from grader.fingerprints import fingerprints
from grader.key import CaseKey, ExerciseKey, Key, Suspect
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
CASE_SECONDS = 0.25  # of a processor, for one case of one mutant
LIMIT_SECONDS = 5.0  # on the clock, for all cases of one mutant
LONG_SECONDS, LONG_TIMES = (
    0.02,
    10,
)  # from which on a case is long: of a processor; times the median
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
    for mutant, told in zip(made, play(key, assignment, made, sandbox), strict=True):
        if is_whole(key, told) and not is_equivalent(key, told):
            yield Suspect(
                mutant.mistake.name,
                (mutant.mistake.nudge, mutant.mistake.place, mutant.mistake.nature),
                mutant.line,
                tuple(_real(one.arrays) if isinstance(one, Returned) else None for one in told),
                f"{mutant.line}: {mutant.before}" if mutant.is_single_term else "",
            )
    for suspect in partial_suspects(key, assignment):
        if not is_equivalent(key, [Returned(arrays) for arrays in suspect.arrays if arrays]):
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


Told = tuple[Outcome | None, ...]  # case by case; None where it was not played


def play(
    key: ExerciseKey, assignment: Assignment, made: Sequence[Mutant], sandbox: Sandbox
) -> list[Told]:
    """Run the mutants as if they were the exercises of one notebook: the page, then a cell each.

    What is told of one that does not return from a case ends with that case. A case that takes
    long is played only with mutants that no other case tells from the reference.
    """
    cells = parse(assignment.source.encode(), ".py").cells
    code = [cell.source for cell in cells if cell.kind == "code"]
    given = [(f"page {number}", source) for number, source in enumerate(code, 1)]
    lends = replace(sandbox, lent=KINDS[key.exercise.kind].flavour)

    def played(cases: Sequence[CaseKey], some: Sequence[Mutant]) -> Iterator[Reply]:
        request = replace(key.request, cases=tuple(one.case for one in cases))
        for at in range(0, len(some), BATCH):
            yield from _play(request, given, some[at : at + BATCH], lends)

    long = _long_cases(key, assignment)
    short = [case for number, case in enumerate(key.cases) if number not in long]
    told = [reply.outcomes for reply in played(short, made)]
    left = [n for n, one in enumerate(told) if len(one) == len(short) and _agree(key, short, one)]
    rest = dict(
        zip(left, played([key.cases[n] for n in long], [made[n] for n in left]), strict=True)
    )
    return [
        _in_order(one, rest[number].outcomes if number in rest else None, long)
        for number, one in enumerate(told)
    ]


def _long_cases(key: ExerciseKey, assignment: Assignment) -> list[int]:
    """Those in which the reference takes far longer than in most."""
    seconds = []
    for case in key.cases:
        started = time.process_time()
        with np.errstate(all="ignore"):
            KINDS[key.exercise.kind].play(assignment.namespace, key.exercise.name, case.case)
        seconds.append(time.process_time() - started)
    limit = max(LONG_SECONDS, LONG_TIMES * median(seconds))
    return [number for number, one in enumerate(seconds) if one > limit]


def _in_order(
    short: Sequence[Outcome], rest: Sequence[Outcome] | None, long: Sequence[int]
) -> Told:
    """rest: of the long cases; None where they were not played"""
    told: list[Outcome | None] = list(short)
    for at, number in enumerate(long):
        if rest is None:
            told.insert(number, None)
        elif at < len(rest):
            told.insert(number, rest[at])
    return tuple(told)


def _play(
    request: Request, given: Sequence[tuple[str, str]], made: Sequence[Mutant], sandbox: Sandbox
) -> list[Reply]:
    """All in one process; where that does not survive, in two halves."""
    if not request.cases:
        return [Reply(())] * len(made)
    cells = [*given, *((mutant.name, mutant.source) for mutant in made)]
    source = f"{REHEARSAL}\nCELLS = {cells!r}"
    asked = np.frombuffer(wire.pack_request(0, request), np.uint8)
    options = {"names": [mutant.name for mutant in made], "seconds": CASE_SECONDS}
    case = Case("all", ("told", "block"), {"asked": asked}, options=options)
    limit = LIMIT_SECONDS * (len(made) + 1)
    asked_for = Request("rehearse", "function", (case,), limit)
    (reply,) = sandbox.play([("rehearsal", source)], [asked_for], lends_grader=True)
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


def is_whole(key: ExerciseKey, told: Sequence[Outcome | None]) -> bool:
    """Say whether every case that was played came to an end."""
    return len(told) == len(key.cases) and all(
        one is None or isinstance(one, Returned) for one in told
    )


def is_equivalent(key: ExerciseKey, told: Sequence[Outcome | None]) -> bool:
    """Say whether no array that earns points differs in any case that was played."""
    return _agree(key, key.cases, told)


def _agree(key: ExerciseKey, cases: Sequence[CaseKey], told: Sequence[Outcome | None]) -> bool:
    return all(
        one.correct
        for case, answer in zip(cases, told, strict=True)
        if isinstance(answer, Returned)
        for one in compare(case.expected, answer)
        if one.array in key.exercise.points
    )
