"""A small graph that goes wrong, in place of forty numbers that differ.

Where the gradients of a graph are wrong, the student's code is run on smaller ones: with fewer
lines, with nothing used twice, with nothing stretched. Of those that still go wrong the smallest
is taken, and so on until all that is left is what it takes. What is right is known from
differences of NumPy's own forward pass. Runs are bounded in number and, by `bounded`, in time; what
is not wrong for certain (a kink, a loop that never ends) counts as right.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from grader import graphs
from grader.calls.engine import SHARES, STRICT
from grader.derivative import gradient, has_kink
from grader.exercise import Case, Request
from grader.graphs import CONSTANT, LEAF, SYMBOLS, Graph, Step
from grader.key import ExerciseKey
from grader.result import Finding, Outcome, Raised, Reply, Returned, Verdict
from grader.witness import differences

KINDS = ("order", "backpropagate", "expressions")
ROUNDS, CANDIDATES, MOST_ARRAYS = 8, 40, 5
TOLERANCE = 1e-5  # relative
MOST_NUMBERS = 24  # of a Tensor that is written out
MOST_LINES = 15  # of an example that is written out
SECONDS = 10.0  # for all runs of a submission; those of usual code take less than one

Play = Callable[[Request], Reply]
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Example:
    """A graph with numbers; every name is set once.

    leaves: by name, in the order of their lines
    """

    graph: Graph
    leaves: Arrays
    upstream: np.ndarray
    calls: str

    @property
    def row(self) -> np.ndarray:
        return np.concatenate([np.zeros(0), *map(np.ravel, self.leaves.values())])

    def values(self) -> list[np.ndarray]:
        return graphs.forward(self.graph, {}, self.row)

    def case(self, answer: str) -> Case:
        text = "\n".join(map(graphs.line, self.graph))
        return Case(
            name="a small graph",
            answers=(answer,),
            inputs={"graph": np.frombuffer(text.encode(), np.uint8), answer: self.row},
            upstream=self.upstream,
            options={"answers": [answer], STRICT: True},
            calls=self.calls,
        )

    def cost(self) -> tuple[int, ...]:
        """What is small comes first: lines, then names used again, then operands stretched."""
        lines = sum(step.operation != LEAF for step in self.graph)
        again = sum(count - 1 for count in _uses(self.graph).values())
        stretched = len(list(_stretched(self.graph, self.values())))
        return lines, again, stretched, self.calls != "once", self.row.size


def bounded(play: Play, seconds: float = SECONDS) -> Play:
    """The same until all runs together have taken so many seconds; then there are no outcomes."""
    left = seconds

    def run(request: Request) -> Reply:
        nonlocal left
        if left <= 0:
            return Reply(())
        start = time.perf_counter()
        try:
            return play(replace(request, limit_seconds=min(request.limit_seconds, left)))
        finally:
            left -= time.perf_counter() - start

    return run


def with_small_graphs(key: ExerciseKey, verdict: Verdict, play: Play) -> Verdict:
    """Return the verdict with a small graph in the finding of each wrong array, if one is found.

    play: runs one request on the student's code; bounded
    """
    if key.exercise.kind not in KINDS:
        return verdict
    wrong = [one.name for one in verdict.arrays if not one.correct][:MOST_ARRAYS]
    cases = {one.case.name: one.case for one in key.cases}
    shown = tuple(
        _shown(key, finding, cases[finding.case], play) if finding.array in wrong else finding
        for finding in verdict.findings
    )
    return replace(verdict, findings=shown)


def _shown(key: ExerciseKey, finding: Finding, case: Case, play: Play) -> Finding:
    found = _smallest(example_of(case), _Trial(key, finding.array, play))
    if found is None:
        return replace(finding, grid=None)
    example, outcome = found
    problem = "raised" if isinstance(outcome, Raised) else "wrong values"
    if len(example.graph) > MOST_LINES:
        detail = f"wrong for a graph of {len(example.graph)} lines{_raised(outcome)}, and right "
        detail += "for all shorter ones that were tried"
    else:
        detail = _described(key, example, finding.array, outcome)
    return replace(finding, problem=problem, detail=detail, grid=None)


def example_of(case: Case) -> Example:
    """The graph of a case, with short numbers of its own: those of the case stay hidden."""
    text = case.inputs["graph"].tobytes().decode()
    graph = _renamed(graphs.parse(text))
    values = graphs.forward(graph, {}, case.inputs[case.answers[0]])
    upstream = np.ones(()) if case.upstream is None else case.upstream
    leaves = {name: _others(value) for name, value in _leaves(graph, values).items()}
    if (upstream != 1.0).any():  # ones are what stands for no upstream
        upstream = np.round(_others(upstream), 1)
    return _example(graph, leaves, upstream, case.calls)


def _others(values: np.ndarray) -> np.ndarray:
    """Other numbers, of the same signs and about as large, so that logarithms stay possible.

    The same ones in every run, and nobody can undo it who does not know them.
    """
    rng = np.random.default_rng(crc32(values.tobytes()))
    factors: np.ndarray = rng.uniform(1.1, 1.4, values.shape)
    return np.asarray(values * factors ** rng.choice([-1, 1], values.shape))


def _renamed(graph: Graph) -> Graph:
    """With a name of its own for every line."""
    sources = graphs.sources(graph)
    return tuple(
        replace(
            step,
            target=f"t{number}",
            operands=tuple(
                one if source is None else f"t{source}"
                for one, source in zip(step.operands, sources[number], strict=True)
            ),
        )
        for number, step in enumerate(graph)
    )


def _leaves(graph: Graph, values: Sequence[np.ndarray]) -> Arrays:
    pairs = zip(graph, values, strict=True)
    return {step.target: value for step, value in pairs if step.operation == LEAF}


def _example(graph: Graph, leaves: Arrays, upstream: np.ndarray, calls: str) -> Example:
    """Without what the root does not depend on."""
    kept = graphs.needed(graph)
    short = {
        step.target: np.round(leaves[step.target], 2) for step in kept if step.operation == LEAF
    }
    return Example(kept, short, upstream, calls)


class _Trial:
    """Runs examples, and says which of them go wrong."""

    def __init__(self, key: ExerciseKey, answer: str, play: Play) -> None:
        self._key, self._answer, self._play = key, answer, play

    def wrong(self, examples: Sequence[Example]) -> Iterator[tuple[Example, Outcome]]:
        cases = tuple(example.case(self._answer) for example in examples)
        outcomes = self._play(replace(self._key.request, cases=cases)).outcomes
        for example, outcome in zip(examples, outcomes, strict=False):
            if self._is_wrong(example, outcome):
                yield example, outcome

    def _is_wrong(self, example: Example, outcome: Outcome) -> bool:
        if isinstance(outcome, Raised):
            return True
        if not isinstance(outcome, Returned):
            return False
        got = outcome.arrays.get(self._answer)
        if got is None or got.shape != example.row.shape:
            return True
        return _differs(example, got.astype(float))


def _differs(example: Example, got: np.ndarray) -> bool:
    """Whether this is no gradient, as one random direction tells."""
    way = np.random.default_rng(0).uniform(0.5, 1.5, example.row.size)

    def along(t: np.ndarray) -> float:
        moved = graphs.forward(example.graph, {}, example.row + t[0] * way)[-1]
        return float(np.sum(moved * graphs.weights(example.upstream, moved.shape)))

    here = np.zeros(1)
    slope = gradient(along, here)
    size = float(np.abs(got * way).sum() + np.abs(slope.value[0]))
    gap = np.abs(got @ way - slope.value[0])
    if not np.isfinite(slope.value[0]) or has_kink(along, here):
        return False
    return not gap <= TOLERANCE * size + slope.error[0]  # NaN is wrong


def _smallest(start: Example, trial: _Trial) -> tuple[Example, Outcome] | None:
    """The smallest example that goes wrong, as far as a few rounds find one."""
    best: tuple[Example, Outcome] | None = None
    tried = [start]
    for _ in range(ROUNDS):
        example = best[0] if best else start
        cost, smaller = example.cost(), [(one.cost(), one) for one in _smaller(example)]
        smaller.sort(key=lambda pair: pair[0])
        tried = [one for its, one in smaller if its < cost][:CANDIDATES]
        tried += [] if best else [start]
        found = next(trial.wrong(tried), None)
        if found is None or found[0] is start:
            return best or found
        best = found
    return best


def _smaller(example: Example) -> Iterator[Example]:
    """Examples that are a step simpler, as far as NumPy can compute them."""
    if len(example.graph) > CANDIDATES:  # a long one: its beginnings alone
        kept = example.graph[:CANDIDATES]
        example = replace(example, graph=kept)
    values = dict(zip((step.target for step in example.graph), example.values(), strict=True))
    for graph, leaves in (
        *_beginnings(example),
        *_cuts(example, values),
        *_splits(example, values),
        *_reshaped(example),
    ):
        made = _example(graph, {**example.leaves, **leaves}, example.upstream, example.calls)
        try:
            if np.isfinite(made.values()[-1]).all():
                yield made
        except (ValueError, IndexError):  # these shapes do not go together
            continue
    if example.calls != "once":
        yield replace(example, calls="once")


Change = tuple[Graph, Arrays]


def _beginnings(example: Example) -> Iterator[Change]:
    """An earlier line as root."""
    for number, step in enumerate(example.graph[:-1]):
        if step.operation != LEAF:
            yield example.graph[: number + 1], {}


def _cuts(example: Example, values: Arrays) -> Iterator[Change]:
    """A line that is a leaf instead, with the numbers that it has."""
    for number, step in enumerate(example.graph[:-1]):
        if step.operation != LEAF:
            leaf = Step(step.target, LEAF, (), values[step.target].shape)
            graph = (*example.graph[:number], leaf, *example.graph[number + 1 :])
            yield graph, {step.target: values[step.target]}


def _splits(example: Example, values: Arrays) -> Iterator[Change]:
    """A leaf of its own for one use of a name that is used again."""
    uses = _uses(example.graph)
    for number, step in enumerate(example.graph):
        for place, name in enumerate(step.operands):
            if isinstance(name, str) and uses[name] > 1:
                new = f"{name}x"
                leaf = Step(new, LEAF, (), values[name].shape)
                operands = (*step.operands[:place], new, *step.operands[place + 1 :])
                changed = replace(step, operands=operands)
                rest = example.graph[:number], example.graph[number + 1 :]
                yield (leaf, *rest[0], changed, *rest[1]), {new: values[name]}


def _reshaped(example: Example) -> Iterator[Change]:
    """Leaves with fewer numbers: all of them alike, or one after the other."""
    for shape in ((2,), (), (2, 2)):
        every = {step.target for step in example.graph if step.operation == LEAF}
        for names in (every, *({name} for name in every)):
            graph = tuple(
                replace(step, arguments=shape) if step.target in names else step
                for step in example.graph
            )
            yield graph, {name: np.resize(example.leaves[name], shape) for name in names}


def _uses(graph: Graph) -> Counter[str]:
    return Counter(name for step in graph for name in step.names)


def _stretched(graph: Graph, values: Sequence[np.ndarray]) -> Iterator[tuple[str, str]]:
    """Operands that NumPy repeats to fit the other one, and how."""
    shapes = {step.target: value.shape for step, value in zip(graph, values, strict=True)}
    for step in graph:
        if step.operation in SYMBOLS and step.operation != "MatMul":
            for name in step.names:
                if shapes[name] != shapes[step.target]:
                    yield name, f"from {shapes[name]} to {shapes[step.target]}"


def _described(key: ExerciseKey, example: Example, answer: str, outcome: Outcome) -> str:
    """The example as Python that can be pasted, what came of it, and what it takes."""
    names = _letters(example.graph)
    words = f"already wrong for `{'; '.join(_code(key, example, names))}`"
    words += _raised(outcome)
    if isinstance(outcome, Returned):
        words += f": {_difference(key, example, answer, outcome, names)}"
    return f"{words}. What it takes: {', '.join(_taken(example, names))}"


def _raised(outcome: Outcome) -> str:
    if not isinstance(outcome, Raised):
        return ""
    line = f" (in `{outcome.source.strip()}`)" if outcome.source else ""
    return f", which raises {f'{outcome.type}: {outcome.message}'.rstrip(': ')}{line}"


def _letters(graph: Graph) -> dict[str, str]:
    """Short names: leaves from x, lines from a, the root y."""
    leaves, lines = iter("xzuvwpqrst"), iter("abcdefghijklmno")
    found = {
        step.target: next(leaves if step.operation == LEAF else lines, step.target)
        for step in graph
    }
    return found | {graph[-1].target: "y" if graph[-1].operation != LEAF else "x"}


def _code(key: ExerciseKey, example: Example, names: Mapping[str, str]) -> list[str]:
    written = [_line(step, example, names) for step in example.graph]
    root = names[example.graph[-1].target]
    if key.exercise.kind == "order":
        return [*written, f"topological_order({root})"]
    code, again = list(written), [one for one in written if "Tensor(" not in one]
    weights = graphs.weights(example.upstream, example.values()[-1].shape)
    for number, share in enumerate(SHARES.get(example.calls, (1.0,))):
        code += again if number and example.calls == "reused" else []
        is_one = bool((share * weights == 1.0).all())
        code.append(
            f"{root}.backward({'' if is_one else f'np.array({_numbers(share * weights)})'})"
        )
    return code


def _line(step: Step, example: Example, names: Mapping[str, str]) -> str:
    target = names[step.target]
    if step.operation == LEAF:
        return f"{target} = Tensor({_numbers(example.leaves[step.target])})"
    operands = tuple(names.get(one, one) if isinstance(one, str) else one for one in step.operands)
    return graphs.line(replace(step, target=target, operands=operands))


def _numbers(values: np.ndarray) -> str:
    if values.size > MOST_NUMBERS:
        return f"... of shape {values.shape}"
    return str(np.round(values, 4).tolist())


def _difference(
    key: ExerciseKey, example: Example, answer: str, outcome: Returned, names: Mapping[str, str]
) -> str:
    """The first leaf that gets a wrong gradient, beside the right one."""
    (estimate,) = differences({}, "", key.exercise.kind, example.case(answer)).values()
    got, right = outcome.arrays.get(answer), graphs.Pieces(estimate.value)
    if got is None or got.shape != estimate.value.shape:
        return "the gradients do not have the shapes of the leaves"
    mine = graphs.Pieces(got.astype(float))
    for name, values in example.leaves.items():
        found, wanted = mine.take(values.shape), right.take(values.shape)
        if not np.abs(found - wanted).max(initial=0.0) <= TOLERANCE * np.abs(wanted).max():
            verb = "gets" if key.exercise.kind == "order" else "has the gradient"
            walk = ", walked backwards," if key.exercise.kind == "order" else ""
            return f"{names[name]}{walk} {verb} {_numbers(found)}, expected {_numbers(wanted)}"
    return "the gradients differ"


def _taken(example: Example, names: Mapping[str, str]) -> Iterator[str]:
    """What none of the smaller examples has, and is right without."""
    operations = dict.fromkeys(step.operation for step in example.graph)
    yield " and ".join(one for one in operations if one not in (LEAF, CONSTANT)) or "a leaf alone"
    for name, count in _uses(example.graph).items():
        if count > 1:
            yield f"{names[name]} used {'twice' if count == 2 else f'{count} times'}"  # noqa: PLR2004
    for name, how in _stretched(example.graph, example.values()):
        yield f"{names[name]} stretched {how}"
    if any(_repeats(step) for step in example.graph):
        yield "an index that occurs twice"
    if example.calls != "once":
        yield CALLS[example.calls]


CALLS = {
    "twice": "two passes through one graph",
    "reused": "two graphs on the same leaves",
    "between": "another graph in between",
}


def _repeats(step: Step) -> bool:
    key = step.arguments[0] if step.operation == "Index" else None
    return isinstance(key, list) and len(set(key)) < len(key)
