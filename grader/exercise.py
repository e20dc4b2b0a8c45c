"""What an exercise asks for and the cases that probe it. Plain data, no student code.

An Exercise says which arrays earn points and how its inputs are drawn; each of its Variations
becomes one Case: the arrays of one call. Cases depend on a secret, the names and nothing else,
so they are the same on every machine and in whatever order exercises are graded.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from grader.expressions import Drawn, Written
from grader.points import Circle, Iris, Moons

# Within a table no two axes share a size and none has size 1: a swapped axis is then a wrong
# shape, and broadcasting cannot stand in for a missing sum.
SIZES = {"batch": 5, "inputs": 4, "units": 3, "classes": 6}
OTHER_SIZES = {"batch": 3, "inputs": 2, "units": 6, "classes": 4}

PUBLIC = "public"  # the secret of the cases that everybody may see


@dataclass(frozen=True)
class Uniform:
    """Reals drawn evenly from [low, high); axes are names separated by blanks, "" is a scalar."""

    axes: str
    low: float = -2.0
    high: float = 2.0

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        return np.asarray(rng.uniform(self.low, self.high, shape(self.axes, sizes)))


@dataclass(frozen=True)
class Integers:
    """Integers from 0 up to but not including high, which is a number or the name of an axis."""

    axes: str
    high: int | str

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        high = sizes[self.high] if isinstance(self.high, str) else self.high
        return np.asarray(rng.integers(0, high, shape(self.axes, sizes)))


@dataclass(frozen=True)
class Spread:
    """Reals of both signs, their sizes spread evenly on a logarithmic scale from low to high.

    For values that a function cannot bear: some are extreme in every draw, and some are not, so
    that there is a gradient to be compared with.
    """

    axes: str
    low: float
    high: float

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        places = shape(self.axes, sizes)
        values = np.geomspace(self.low, self.high, math.prod(places))
        values[1::2] *= -1
        return rng.permutation(values).reshape(places)


@dataclass(frozen=True)
class Sparse:
    """Reals drawn evenly from [-2, 2), of which all but the given share is then set to 0."""

    axes: str
    share: float = 0.2

    def sample(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> np.ndarray:
        places = shape(self.axes, sizes)
        return np.asarray(rng.uniform(-2.0, 2.0, places) * (rng.random(places) < self.share))


Draw = Uniform | Integers | Spread | Sparse | Circle | Moons | Iris | Drawn | Written
_DRAWS = (Uniform, Integers, Spread, Sparse, Circle, Moons, Iris, Drawn, Written)
DRAWS = {draw.__name__: draw for draw in _DRAWS}


def shape(axes: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """A number among the axes is its own size."""
    return tuple(int(axis) if axis.isdigit() else sizes[axis] for axis in axes.split())


@dataclass(frozen=True)
class Variation:
    """How one case departs from the exercise's usual draw.

    calls says in which order the methods are called:
        once      forward, backward
        twice     forward, backward, backward: the second answer counts
        between   as once, but another instance runs forward before backward is called
        reused    forward on other inputs first, then as once
        second    forward, backward, and the gradients of what backward returned, weighted with
                  other inputs

    options["answers"], where it is there, names the arrays this case is asked for; else all are.
    """

    name: str
    sizes: Mapping[str, int] = field(default_factory=dict)
    draws: Mapping[str, Draw] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    calls: str = "once"


OTHERS = ("between", "reused", "second")  # calls that need other inputs too
DIFFERENCES = "differences"  # calls of a case that asks what forward says, in place of backward

BATCH_OF_ONE = Variation("batch of one", {"batch": 1})
TWICE = Variation("backward called twice", calls="twice")
BETWEEN = Variation("another instance used in between", calls="between")
REUSED = Variation("instance used before", OTHER_SIZES, calls="reused")
STANDARD = (
    Variation("random values"),
    Variation("other sizes", OTHER_SIZES),
    BATCH_OF_ONE,
    TWICE,
    BETWEEN,
    REUSED,
)


@dataclass(frozen=True)
class Case:
    """One call: every array it needs, and the names of the arrays that are wanted back."""

    name: str
    answers: tuple[str, ...]
    inputs: Mapping[str, np.ndarray]
    params: Mapping[str, np.ndarray] = field(default_factory=dict)
    upstream: np.ndarray | None = None
    others: Mapping[str, np.ndarray] = field(default_factory=dict)  # inputs of the other call
    options: Mapping[str, Any] = field(default_factory=dict)
    calls: str = "once"


@dataclass(frozen=True)
class Request:
    """All the cases of one exercise, as they go to the process that runs student code."""

    exercise: str
    kind: str
    cases: tuple[Case, ...]
    limit_seconds: float


@dataclass(frozen=True)
class Exercise:
    """One function or class to be written.

    points: the arrays that are checked, in the order of display, and what each is worth
    inputs: arguments of forward (or of the function), by name
    params: arguments of the constructor that are arrays; backward sets d<name> for each
    output: how upstream is drawn, None where there is none
    options: further arguments of the constructor, plain values
    credit_by_differences: the share of the points, 0 to 1, for an array that backward computes by
        calling forward for every entry
    """

    name: str
    kind: str
    points: Mapping[str, int]
    inputs: Mapping[str, Draw]
    params: Mapping[str, Draw] = field(default_factory=dict)
    output: Draw | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    variations: tuple[Variation, ...] = STANDARD
    limit_seconds: float = 10.0
    credit_by_differences: float = 0.0

    @property
    def max_score(self) -> int:
        return sum(self.points.values())

    def case(self, number: int, secret: str, attempt: int = 0) -> Case:
        """Draw the case of variation `number`, counted from 0.

        attempt: drawn anew for every value, for callers who must keep away from a kink.
        """
        variation = self.variations[number]
        rng = self._rng(number, secret, str(attempt))
        sizes = SIZES | dict(variation.sizes)

        def draw(draws: Mapping[str, Draw]) -> dict[str, np.ndarray]:
            chosen = {name: variation.draws.get(name, usual) for name, usual in draws.items()}
            return {name: one.sample(rng, sizes) for name, one in chosen.items()}

        return Case(
            name=f"case {number + 1} ({variation.name})",
            answers=tuple(variation.options.get("answers", self.points)),
            inputs=draw(self.inputs),
            params=draw(self.params),
            upstream=draw({"upstream": self.output})["upstream"] if self.output else None,
            others=draw(self.inputs) if variation.calls in OTHERS else {},
            options={**self.options, **variation.options},
            calls=variation.calls,
        )

    def fresh(self, number: int, secret: str) -> np.ndarray | None:
        """Further rows of the input "data" for the judge alone, where options["fresh"] wants them.

        They are not part of the case, because student code sees the case.
        """
        variation = self.variations[number]
        rows = {**self.options, **variation.options}.get("fresh", 0)
        if not rows:
            return None
        draw = variation.draws.get("data", self.inputs["data"])
        return draw.sample(self._rng(number, secret, "fresh"), {"points": rows})

    def _rng(self, number: int, secret: str, purpose: str) -> np.random.Generator:
        words = f"{secret}\0{self.name}\0{self.variations[number].name}\0{purpose}".encode()
        return np.random.default_rng(list(hashlib.sha256(words).digest()))


def as_json(exercise: Exercise) -> dict[str, Any]:
    """Everything that is needed to draw the cases again, as plain JSON."""
    output = exercise.output
    return {
        **asdict(exercise),
        "inputs": _named(exercise.inputs),
        "params": _named(exercise.params),
        "output": _named({"upstream": output})["upstream"] if output else None,
        "variations": [{**asdict(one), "draws": _named(one.draws)} for one in exercise.variations],
    }


def from_json(fields: Mapping[str, Any]) -> Exercise:
    """The exercise that as_json wrote."""
    output = fields["output"]
    changed = {
        "inputs": _draws(fields["inputs"]),
        "params": _draws(fields["params"]),
        "output": _draws({"upstream": output})["upstream"] if output else None,
        "variations": tuple(
            Variation(**{**one, "draws": _draws(one["draws"])}) for one in fields["variations"]
        ),
    }
    return Exercise(**{**fields, **changed})


def _named(draws: Mapping[str, Draw]) -> dict[str, Any]:
    return {name: {"draw": type(one).__name__, **asdict(one)} for name, one in draws.items()}


def _draws(fields: Mapping[str, Mapping[str, Any]]) -> dict[str, Draw]:
    return {
        name: DRAWS[one["draw"]](**{key: value for key, value in one.items() if key != "draw"})
        for name, one in fields.items()
    }
