"""When an array is wrong: in every case with some option or size, and in no other case.

It names no mistake in the formula, and still says where to look: at what the formula does with
that option. The traits of a case are its options and whether an axis has length 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.exercise import Case
from grader.hypotheses.seen import Explanation, Seen

FEWEST_CASES = 2  # of each verdict: one is right, or wrong, by chance
MOST_TRAITS = 2  # that fit equally well; more of them tell nothing
NO_ARGUMENTS = ("answers", "rng")  # options that no formula depends on


def condition(column: Sequence[Seen]) -> Explanation | None:
    """What the cases in which this array is right have in common, and the wrong ones have not."""
    right = sum(seen.is_right for seen in column)
    if min(right, len(column) - right) < FEWEST_CASES:
        return None
    fitting = [
        (name, told)
        for name, values in _traits([seen.case for seen in column])
        if (told := _decided(name, values, column))
    ]
    if not 0 < len(fitting) <= MOST_TRAITS:
        return None
    hints = (
        "In which cases are you right, and in which not?",
        f"Look at what your code does with {' and '.join(name for name, _ in fitting)}.",
        " And: ".join(told for _, told in fitting),
    )
    return Explanation("condition-not-handled", hints, "likely")


def _traits(cases: Sequence[Case]) -> Iterator[tuple[str, list[str]]]:
    """The name of each, and what it is in every case."""
    options = [_options(case) for case in cases]
    for name in dict.fromkeys(name for one in options for name in one):
        values = [one.get(name) for one in options]
        yield name, [_plain(value) for value in values]
        if any(_is_pair(value) for value in values):
            yield f"the two sides of {name}", [_sides(value) for value in values]
    for name, array in cases[0].inputs.items():
        for axis in range(array.ndim):
            lengths = (case.inputs[name].shape[axis] for case in cases)
            yield f"axis {axis} of {name}", ["1 long" if n == 1 else "longer" for n in lengths]


def _options(case: Case) -> dict[str, Any]:
    """Arguments of the constructor and of forward."""
    given: Mapping[str, Any] = {**case.options, **case.options.get("forward", {})}
    return {name: one for name, one in given.items() if name not in ("forward", *NO_ARGUMENTS)}


def _plain(value: Any) -> str:
    """A value in words; of an array only that it is there."""
    if value is None:
        return "not given"
    if isinstance(value, list) and any(isinstance(one, list) for one in value):
        return "given"
    return " by ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _is_pair(value: Any) -> bool:
    match value:
        case (int(), int()):
            return True
    return False


def _sides(value: Any) -> str:
    return "different" if _is_pair(value) and value[0] != value[1] else "the same"


def _decided(name: str, values: Sequence[str], column: Sequence[Seen]) -> str | None:
    """The sentence, where the value decides whether the array is right, and does so by more than
    chance: both verdicts are there, and on average every value is there twice."""
    verdicts: dict[str, set[bool]] = {}
    for value, seen in zip(values, column, strict=True):
        verdicts.setdefault(value, set()).add(seen.is_right)
    if any(len(found) > 1 for found in verdicts.values()):
        return None
    right = [value for value, found in verdicts.items() if True in found]
    wrong = [value for value, found in verdicts.items() if False in found]
    if not right or not wrong or len(verdicts) > len(column) // 2:
        return None
    verb = "are" if name.startswith("the two sides") else "is"
    return f"Right where {name} {verb} {_listed(right)}, wrong where {_it(verb)} {_listed(wrong)}."


def _it(verb: str) -> str:
    return "they are" if verb == "are" else "it is"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
