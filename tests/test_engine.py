"""The engine: the reference against torch, wrong parts and what is said about them."""

import contextlib
import io
import json
import re
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from grader import graphs, kernel
from grader.assignment import load
from grader.calls.engine import values
from grader.exercise import PUBLIC
from grader.expressions import Drawn
from grader.graphs import LEAF
from grader.handout import find
from grader.judge import judge
from grader.oracle import exercise_key
from grader.published import exercise_key as published_key
from grader.shrink import bounded, with_small_graphs

ROOT = Path(__file__).parent.parent
PAGE = load(ROOT / "reference" / "engine.py")
EXERCISES = {one.name: one for one in PAGE.exercises}
WRONG = ROOT / "tests" / "engine_mistakes.py"
MISTAKE = re.compile(r"^# %% (\w+)((?: \S+)*): (.+)\n((?:(?!# %%).*\n)*)", re.MULTILINE)
MISTAKES = [
    pytest.param(name, arrays.split(), code, id=words)
    for name, arrays, words, code in MISTAKE.findall(WRONG.read_text())
]
EVERYTHING = (
    "Add Subtract Multiply Divide Power ReLU Tanh Sigmoid Exp Log "
    "Sum Mean Max MatMul Reshape Transpose Index"
)
DRAWS = [
    pytest.param(Drawn(EVERYTHING, 12), seed, id=f"everything-{seed}") for seed in range(30)
] + [pytest.param(Drawn("Add Multiply", 9, "2 2"), seed, id=f"shared-{seed}") for seed in range(8)]


@pytest.fixture(scope="module")
def keys():
    return {name: exercise_key(PAGE, one, PUBLIC) for name, one in EXERCISES.items()}


@pytest.fixture
def page():
    """The names of the reference, in a copy that a test may change."""
    names = {"__name__": "page"}
    exec(compile(PAGE.source, "page", "exec"), names)
    return names


def verdict_of(key, names):
    play = partial(kernel.play, names)
    return with_small_graphs(key, judge(key, play(key.request)), play)


def wrong_arrays(verdict):
    return [one.name for one in verdict.arrays if not one.correct]


# torch as witness


def in_torch(torch, graph, leaves, upstream):
    """The gradients of the leaves."""
    tensors = [torch.tensor(one, requires_grad=True) for one in leaves]
    each = iter(tensors)

    def whole(number):
        return torch.as_tensor(number, dtype=torch.float64)

    def apply(step, operands):
        if step.operation == LEAF:
            return next(each)
        return TORCH[step.operation](torch, step, *map(whole, operands))

    root = graphs.trace(graph, {}, apply)[-1]
    root.backward(torch.tensor(graphs.weights(upstream, root.shape)))
    return [np.zeros(one.shape) if one.grad is None else one.grad.numpy() for one in tensors]


def reduced(name):
    def apply(torch, step, a):
        axis = step.options["axis"]
        if name == "amax":
            axis = tuple(range(a.ndim)) if axis is None else axis
        return getattr(torch, name)(a, dim=axis, keepdim=step.options["keepdims"])

    return apply


TORCH = {
    "Tensor": lambda torch, step, a: a,
    "Add": lambda torch, step, a, b: a + b,
    "Subtract": lambda torch, step, a, b: a - b,
    "Multiply": lambda torch, step, a, b: a * b,
    "Divide": lambda torch, step, a, b: a / b,
    "Power": lambda torch, step, a, b: a**b,
    "MatMul": lambda torch, step, a, b: a @ b,
    "Sum": reduced("sum"),
    "Mean": reduced("mean"),
    "Max": reduced("amax"),
    "Reshape": lambda torch, step, a: a.reshape(step.arguments),
    "Transpose": lambda torch, step, a: a.permute(step.arguments or tuple(range(a.ndim))[::-1]),
    "Index": lambda torch, step, a: a[graphs.key_of(step)],
    **{
        name: lambda torch, step, a: getattr(torch, step.operation.lower())(a)
        for name in ("ReLU", "Tanh", "Sigmoid", "Exp", "Log")
    },
}


def on_the_page(names, graph, leaves, upstream):
    """The gradients that the engine of the page gives."""
    found = []

    def f(*tensors):
        found.extend(tensors)
        each = iter(tensors)

        def apply(step, operands):
            if step.operation == LEAF:
                return next(each)
            return eval(graphs.line(step).partition(" = ")[2], {**names, **known(step, operands)})

        return graphs.trace(graph, {}, apply)[-1]

    root = f(*map(names["Tensor"], leaves))
    root.backward(graphs.weights(upstream, root.data.shape))
    return [one.grad for one in found]


def known(step, operands):
    pairs = zip(step.operands, operands, strict=True)
    return {name: value for name, value in pairs if isinstance(name, str)}


def assert_same(found, expected):
    for got, want in zip(found, expected, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-9, atol=1e-9 * (np.abs(want).max() + 1e-3))


@pytest.mark.parametrize(("draw", "seed"), DRAWS)
def test_the_reference_agrees_with_torch_on_random_graphs(draw, seed, page):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    graph = graphs.parse(draw.sample(rng, {}).tobytes().decode())
    leaves = [rng.uniform(0.5, 2.0, one.arguments) for one in graph if one.operation == LEAF]
    upstream = rng.uniform(-2, 2, 7)
    expected = in_torch(torch, graph, leaves, upstream)
    assert_same(on_the_page(page, graph, leaves, upstream), expected)


@pytest.mark.parametrize("number", range(len(EXERCISES["gradients"].variations)))
def test_the_key_of_gradients_is_what_torch_says(number, keys):
    torch = pytest.importorskip("torch")
    one = keys["gradients"].cases[number]
    (answer,) = one.case.answers
    graph = graphs.parse(one.case.inputs["graph"].tobytes().decode())
    pairs = zip(graph, values(one.case), strict=True)
    leaves = [array for step, array in pairs if step.operation == LEAF]
    found = np.concatenate([one.ravel() for one in in_torch(torch, graph, leaves, np.ones(1))])
    assert_same([one.expected[answer].array[: found.size]], [found])


def test_many_random_graphs_share_nodes_and_broadcast():
    texts = [
        Drawn(EVERYTHING, 12).sample(np.random.default_rng(seed), {}).tobytes().decode()
        for seed in range(60)
    ]
    drawn = [graphs.parse(text) for text in texts]
    used = {step.operation for graph in drawn for step in graph}
    assert used >= set(EVERYTHING.split())
    names = [[one for step in graph for one in step.names] for graph in drawn]
    assert all(len(set(one)) < len(one) for one in names)


# the reference by itself


def test_5000_steps_need_no_deep_recursion(page):
    x = h = page["Tensor"](1.0)
    for _ in range(5000):
        h = h * 0.999
    h.backward()
    np.testing.assert_allclose(x.grad, 0.999**5000)


def test_every_tensor_comes_after_its_parents_and_once(page):
    x = page["Tensor"](2.0)
    y = x * x
    z = y + x * y
    order = page["topological_order"](z)
    assert len(set(order)) == len(order) == 4
    assert order[-1] is z
    assert all(order.index(parent) < order.index(node) for node in order for parent in node.parents)


def test_gradients_add_up_until_they_are_set_to_zero(page):
    x = page["Tensor"]([1.0, 2.0])
    y = x * x
    y.backward()
    y.backward()
    np.testing.assert_array_equal(x.grad, [4.0, 8.0])
    page["zero_grad"](x)
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_nothing_is_recorded_inside_of_no_grad(page):
    x = page["Tensor"](2.0)
    with contextlib.suppress(KeyError), page["no_grad"]():
        inside = x * x
        raise KeyError
    assert inside.parents == ()
    assert len((x * x).parents) == 2


@pytest.mark.parametrize("start", [0.5, 1.5, 6.0])
def test_the_graph_is_what_the_code_did(start, page):
    def halved(x):
        while abs(x.data) > 1:
            x = x / 2.0
        return x * x

    (slope,) = page["gradients"](halved, np.array(start))
    halvings = max(int(np.ceil(np.log2(start))), 0)
    np.testing.assert_allclose(slope, 2 * start / 4.0**halvings)


def test_print_graph_numbers_every_tensor_once(page):
    x = page["Tensor"]([1.0, 2.0])
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        page["print_graph"]((x * x).sum())
    assert out.getvalue().split("\n") == [
        "   0  Sum        ()         1",
        "   1  Multiply   (2,)       2, 2",
        "   2  leaf       (2,)",
        "",
    ]


def test_the_reference_gets_full_marks_from_the_handed_out_answers(page):
    handout = find(ROOT / "assignments" / "engine")
    for name, exercise in EXERCISES.items():
        key = published_key(handout, name)
        verdict = judge(key, kernel.play(page, key.request))
        assert (verdict.status, verdict.score) == ("correct", exercise.max_score), name


def test_an_untouched_notebook_is_missing_everywhere(keys):
    cells = (ROOT / "assignments" / "engine" / "engine.ipynb").read_text()
    names = {"__name__": "page"}
    for source in definitions(cells):
        exec(source, names)
    verdicts = [judge(key, kernel.play(names, key.request)) for key in keys.values()]
    assert {str(one.status) for one in verdicts} == {"missing"}


def definitions(notebook):
    """The cells that define or import something."""
    for cell in json.loads(notebook)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and re.match(r"class|def|@|from contextlib", source):
            yield source


# wrong parts


def mistake(label):
    (code,) = [one.values[2] for one in MISTAKES if one.id == label]
    return code


OF_ITSELF = [name for name in EXERCISES if name != "gradients"]


@pytest.mark.parametrize(("name", "arrays", "code"), MISTAKES)
def test_a_mistake_loses_its_arrays_and_no_others(name, arrays, code, keys, page):
    exec(code, page)
    wrong = {
        other: wrong_arrays(judge(keys[other], kernel.play(page, keys[other].request)))
        for other in OF_ITSELF
    }
    wrong["gradients"] = wrong_arrays(verdict_of(keys["gradients"], page))
    if name != "gradients":
        del wrong["gradients"]  # which goes through all of it
    assert {other: lost for other, lost in wrong.items() if lost} == {name: arrays}


def examples(verdict):
    for finding in verdict.findings:
        if found := re.search(r"already wrong for `(.+?)`", finding.detail):
            yield finding, found[1]


GRAPHS = ("topological_order", "backpropagate", "gradients")


# Which array is overwritten depends on the order of the walk, and the student's may be another.
SHOWN = [one for one in MISTAKES if one.id != "one array for two parents"]


@pytest.mark.parametrize(("name", "arrays", "code"), SHOWN)
def test_the_example_that_is_shown_goes_wrong(name, arrays, code, keys, page):
    """Run as it is printed, the gradients are not those of the right page."""
    right = dict(page)
    exec(compile(PAGE.source, "page", "exec"), right)
    exec(code, page)
    shown = [text for one in GRAPHS[1:] for _, text in examples(verdict_of(keys[one], page))]
    for text in shown if name != "gradients" else ():
        assert outcome(text, page) != outcome(text, right), text


def test_slow_code_is_not_shrunk_for_ever(keys, page):
    """What was found until the time is over is shown, the smallest of it."""
    exec(mistake("a Tensor several times"), page)
    key, runs, limits = keys["gradients"], [], []

    def play(request):
        runs.append(len(request.cases))
        limits.append(request.limit_seconds)
        time.sleep(0.2)
        return kernel.play(page, request)

    judged = judge(key, kernel.play(page, key.request))
    whole = with_small_graphs(key, judged, play)
    needed, _ = len(runs), runs.clear()
    limits.clear()
    cut = with_small_graphs(key, judged, bounded(play, 0.3))
    assert 1 <= len(runs) <= 2 < needed
    assert max(limits) <= 0.3
    assert [one.array for one in cut.findings] == [one.array for one in whole.findings]
    assert [*examples(cut)]
    runs.clear()
    assert len(with_small_graphs(key, judged, bounded(play, 0.0)).findings) == len(whole.findings)
    assert not runs


def test_a_kernel_begins_no_case_after_the_limit(keys, page):
    key = keys["gradients"]
    request = replace(key.request, limit_seconds=0.0)
    assert len(kernel.play(page, request, is_limited=True).outcomes) < len(request.cases)
    assert len(kernel.play(page, request).outcomes) == len(request.cases)


def outcome(text, names):
    """The gradients of all leaves, or the exception."""
    own = dict(names)
    try:
        exec(text, own)
    except Exception as error:
        return type(error).__name__
    leaves = list(dict.fromkeys(re.findall(r"(\w+) = Tensor", text)))
    return [np.round(own[leaf].grad, 6).tolist() for leaf in leaves]


@pytest.mark.parametrize(
    ("label", "where", "takes"),
    [
        (
            "a repeated index counts once",
            "gradients shapes",
            "Index, an index that occurs twice",
        ),
        ("a node used again loses", "backpropagate shared", "Multiply, x used twice"),
        ("axes of length one stay", "gradients functions", "Multiply, z stretched"),
        ("level by level", "topological_order shared", "a used twice"),
        ("the last pass counts", "backpropagate accumulated", "two passes through one graph"),
        ("a difference adds", "gradients arithmetic", "Subtract"),
    ],
)
def test_the_finding_names_what_it_takes(label, where, takes, keys, page):
    exec(mistake(label), page)
    exercise, array = where.split()
    (finding,) = [
        one for one, _ in examples(verdict_of(keys[exercise], page)) if one.array == array
    ]
    assert takes in finding.detail.partition("What it takes: ")[2]
    assert len(finding.detail) < 1000


def test_a_graph_that_is_only_wrong_because_it_is_long_is_not_printed(keys, page):
    exec(mistake("calls itself"), page)
    (finding,) = verdict_of(keys["topological_order"], page).findings
    assert finding.array == "long"
    assert "wrong for a graph of 5002 lines, which raises RecursionError" in finding.detail
    assert len(finding.detail) < 1000


def test_a_block_that_does_not_end_leaves_tensor_as_it_was(keys, page):
    code = "@contextmanager\ndef no_grad():\n    Tensor.recording = False\n    yield\n"
    exec(code, page)
    kernel.play(page, keys["no_grad"].request)
    assert page["Tensor"].recording is True


def test_a_walk_along_every_path_does_not_take_for_ever(keys, page):
    exec(mistake("every path by itself"), page)
    assert wrong_arrays(
        judge(keys["backpropagate"], kernel.play(page, keys["backpropagate"].request))
    ) == ["long"]


# gradients that are no work of an engine

BY_DIFFERENCES = """
def gradients(f, *arrays):
    def value(number, entry, step):
        moved = [np.array(one, dtype=float) for one in arrays]
        moved[number].reshape(-1)[entry] += step
        return np.sum(f(*[Tensor(one) for one in moved]).data)

    found = []
    for number, one in enumerate(arrays):
        ways = [[value(number, at, s) for s in (1e-5, -1e-5)] for at in range(np.size(one))]
        found.append(np.reshape([(up - down) / 2e-5 for up, down in ways], np.shape(one)))
    return found
"""
ONE_BY_ONE = """
def gradients(f, *arrays):
    found = []
    for number in range(len(arrays)):
        tensors = [Tensor(one) for one in arrays]
        f(*tensors).backward()
        found.append(tensors[number].grad)
    return found
"""
THE_SAME_TENSORS = """
def gradients(f, *arrays):
    tensors = [Tensor(one) for one in arrays]
    for _ in range(4):
        for one in tensors:
            one.grad = np.zeros_like(one.data)
        f(*tensors).backward()
    return [one.grad for one in tensors]
"""


def test_gradients_by_differences_of_f_earn_nothing(keys, page):
    exec(BY_DIFFERENCES, page)
    found = verdict_of(keys["gradients"], page)
    assert found.score == 0
    assert found.diagnosis.mistake == "computed-by-differences"
    assert {one.problem for one in found.findings} == {"computed by differences"}


@pytest.mark.parametrize("source", [ONE_BY_ONE, THE_SAME_TENSORS])
def test_gradients_that_call_f_again_with_the_same_numbers_are_right(source, keys, page):
    exec(source, page)
    found = verdict_of(keys["gradients"], page)
    assert (found.status, found.score) == ("correct", EXERCISES["gradients"].max_score)
