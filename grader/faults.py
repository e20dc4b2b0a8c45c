"""What is at fault in a training loop: the update, what is kept between steps, their number.

Asked only where the functions that the loop calls are right. Everything is read from what came
back of runs of one step, of ten and of many; no backward pass is needed for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from grader.exercise import Case
from grader.key import CaseKey, ExerciseKey
from grader.result import Diagnosis, Returned
from grader.training import forward, parameters

Run = tuple[CaseKey, Returned]

ALIKE = 1e-4  # relative; single precision is closer


def fault(key: ExerciseKey, answers: Sequence[Returned]) -> Diagnosis | None:
    """The first thing that explains what is wrong, going from one step to many."""
    runs = list(zip(key.cases, answers, strict=True))
    return next(_faults(runs), None)


def _faults(runs: Sequence[Run]) -> Iterator[Diagnosis]:
    one, ten = _asked(runs, "after_one_step"), _asked(runs, "after_ten_steps")
    if not _all_right(one, "after_one_step"):
        yield from _of_the_update(one)
        return
    yield from _of_the_number(_asked(runs, "losses"))
    if not _all_right(ten, "after_ten_steps"):
        yield from _of_the_memory(ten)


def _of_the_update(one: Sequence[Run]) -> Iterator[Diagnosis]:
    pairs = [
        (case.expected["after_one_step"].array, _moved(run, "after_one_step")) for case, run in one
    ]
    if not any(got.any() for _, got in pairs):
        yield _diagnosis(
            "nothing-moved",
            "The parameters came back as they were. Are the updates written into those that you "
            "return?",
        )
    factors = [_factor(want, got) for want, got in pairs]
    if any(factor is None for factor in factors):
        return
    known = np.array(factors, float)
    rates = np.array([case.case.options["lr"] for case, _ in one])
    counts = np.array([len(case.case.inputs["data"]) for case, _ in one])
    if _same(known, -1.0):
        yield _diagnosis(
            "uphill", "Every step goes the opposite way. Which way does the loss fall?"
        )
    if _same(known * rates, (known * rates)[0]) and not _same(known, known[0]):
        yield _diagnosis(
            "learning-rate-ignored",
            "The length of your steps does not depend on the learning rate. Where is `lr` used?",
        )
    if _same(known, counts) or _same(known * counts, 1.0):
        yield _diagnosis(
            "mean-or-sum",
            "Your steps are off by the number of points. Is the mean taken once, and only once?",
        )
    if _same(known, known[0]):
        yield _diagnosis(
            "step-length",
            f"Every step is {known[0]:.4g} times as long as it should be. What is the gradient "
            f"multiplied with on its way to the parameters?",
        )


def _of_the_memory(ten: Sequence[Run]) -> Iterator[Diagnosis]:
    if all(_is_flat(run.arrays.get("losses")) for _, run in ten):
        yield _diagnosis(
            "same-gradient",
            "The first step is right, and all losses are the same. Are loss and gradient found "
            "anew in every step, from the parameters as they are then?",
        )
    if all(_ends_early(case, run) for case, run in ten):
        yield _diagnosis(
            "one-step-missing",
            "What you return is where the parameters are one step before the end. Count the "
            "updates, and look at which parameters you return.",
        )
    yield _diagnosis(
        "between-steps",
        "The first step is right, later ones are not. Look at what goes from one step into the "
        "next (parameters, velocities), at the order of gradient and update, and at the number "
        "of steps.",
        "likely",
    )


def _of_the_number(runs: Sequence[Run]) -> Iterator[Diagnosis]:
    """Of steps, as far as the length of the curve tells."""
    for case, run in runs:
        steps, curve = case.case.options["steps"], run.arrays.get("losses", np.zeros(0))
        if curve.shape != (steps,) and curve.ndim == 1 and curve.size:
            yield _diagnosis(
                "number-of-steps",
                f"Of {steps} steps your curve has {curve.size}. How many times does the loop run, "
                f"and what is kept each time?",
                "likely",
                "losses",
            )


def _asked(runs: Sequence[Run], name: str) -> list[Run]:
    return [(case, run) for case, run in runs if name in case.expected]


def _all_right(runs: Sequence[Run], name: str) -> bool:
    return all(_factor(case.expected[name].array, _moved(run, name)) == 1.0 for case, run in runs)


def _moved(run: Returned, name: str) -> np.ndarray:
    return np.asarray(np.nan_to_num(np.asarray(run.arrays.get(name, np.zeros(1)), float)))


def _factor(want: np.ndarray, got: np.ndarray) -> float | None:
    """The number that makes got from want: 1.0 exactly where they are alike."""
    if want.shape != got.shape or not want.any():
        return None
    factor = float(want @ got / (want @ want))
    if np.abs(got - factor * want).max() > ALIKE * np.abs(got).max():
        return None
    return 1.0 if abs(factor - 1.0) <= ALIKE else factor


def _same(these: np.ndarray, those: np.ndarray | float) -> bool:
    return bool((np.abs(these - those) <= ALIKE * np.abs(those)).all())


def _is_flat(curve: np.ndarray | None) -> bool:
    if curve is None or curve.size < 2:  # noqa: PLR2004
        return False
    return float(np.ptp(curve)) <= ALIKE * float(abs(curve.flat[0]))


def _ends_early(case: CaseKey, run: Returned) -> bool:
    moved = _moved(run, "after_ten_steps")
    before_the_last = float(case.expected["losses"].array[-1])
    return abs(_loss(case.case, moved) - before_the_last) <= 1e-2 * ALIKE * abs(before_the_last)


def _loss(case: Case, moved: np.ndarray) -> float:
    """Cross entropy on the points of the case, with our own forward pass."""
    data = case.inputs["data"]
    _, scores = forward(case, parameters(case, moved), data[:, :-1])
    scores = np.column_stack([0 * scores, scores]) if scores.ndim == 1 else scores
    chosen = scores[np.arange(len(data)), data[:, -1].astype(int)]
    return float(np.mean(np.logaddexp.reduce(scores, axis=1) - chosen))


def _diagnosis(
    mistake: str, hint: str, certainty: str = "exact", array: str = "after_one_step"
) -> Diagnosis:
    return Diagnosis(mistake, certainty, hint, array)
