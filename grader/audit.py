"""Is an assignment fair and sharp? Its reference right, right variants accepted, every mutant dead.

A mutant that no case tells from the reference is tried on a wide range of further inputs. If none
of them tells either, it computes the same and is equivalent; otherwise it survived because a kind
of input is missing from the cases, and the audit says which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from grader.assignment import Assignment
from grader.errors import AuthorError
from grader.exercise import SIZES, Draw, Exercise, Uniform
from grader.key import ExerciseKey
from grader.mutants import Mutant
from grader.oracle import exercise_key, gap
from grader.result import Audited, Survivor
from grader.sandbox.host import Sandbox
from grader.suspects import Told, is_equivalent, is_whole, mutants_of, play

CALLS = ("twice", "between", "reused")
SECRETS = ("audit 1", "audit 2", "audit 3")


def audit(assignment: Assignment, secret: str, sandbox: Sandbox) -> Iterator[Audited]:
    """Audit every exercise but training runs, which are judged by their course and not by cases.

    Raises:
        AuthorError: the reference disagrees with its witness
    """
    for exercise in assignment.exercises:
        if exercise.kind != "training":
            yield _audited(assignment, exercise_key(assignment, exercise, secret), sandbox)


def _audited(assignment: Assignment, key: ExerciseKey, sandbox: Sandbox) -> Audited:
    made = mutants_of(key, assignment)
    ends = [_end(key, told) for told in play(key, assignment, made, sandbox)]
    count = Counter(ends)
    alive = [mutant for mutant, end in zip(made, ends, strict=True) if end == "alive"]
    survivors = tuple(_survivors(assignment, key.exercise, alive, sandbox))
    return Audited(
        key.exercise.name,
        len(key.cases),
        len(made),
        count["wrong"],
        count["stopped"],
        len(alive) - len(survivors),
        survivors,
        max(gap(assignment, key.exercise, case) for case in key.cases),
    )


def _end(key: ExerciseKey, told: Told) -> str:
    if not is_whole(key, told):
        return "stopped"
    return "alive" if is_equivalent(key, told) else "wrong"


def _survivors(
    assignment: Assignment, exercise: Exercise, alive: Sequence[Mutant], sandbox: Sandbox
) -> Iterator[Survivor]:
    """Those of the mutants that some further input tells from the reference."""
    found: dict[str, str] = {}
    for one in _further(exercise):
        left = [mutant for mutant in alive if mutant.name not in found]
        for secret in SECRETS if left else ():
            try:
                with np.errstate(all="ignore"):  # steps ten times as long lead anywhere
                    key = exercise_key(assignment, one, secret)
            except (AuthorError, KeyError):  # an input that the exercise does not allow
                break
            for mutant, told in zip(left, play(key, assignment, left, sandbox), strict=True):
                if _end(key, told) != "alive":
                    found.setdefault(mutant.name, one.variations[0].name)
    for mutant in alive:
        if mutant.name in found:
            yield Survivor(
                *(mutant.mistake.name, mutant.line, mutant.before, mutant.after),
                found[mutant.name],
            )


def _further(exercise: Exercise) -> Iterator[Exercise]:
    """The exercise with one variation at a time: its own, and a wide range of others."""
    usual, *others = exercise.variations
    wide = [usual, *others, *(replace(usual, name=name, calls=name) for name in CALLS)]
    wide += [replace(usual, name=f"one of {axis}", sizes={axis: 1}) for axis in SIZES]
    wide += [
        replace(usual, name=f"values {scale:g} times as large", draws=_scaled(exercise, scale))
        for scale in (0.05, 10.0)
    ]
    for variation in wide:
        yield replace(exercise, variations=(variation,))


def _scaled(exercise: Exercise, scale: float) -> dict[str, Draw]:
    drawn = {**exercise.inputs, **exercise.params}
    return {
        name: replace(draw, low=draw.low * scale, high=draw.high * scale)
        for name, draw in drawn.items()
        if isinstance(draw, Uniform)
    }
