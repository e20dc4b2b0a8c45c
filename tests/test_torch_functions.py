"""Torch functions: the reference against torch, and what the kind of exercise accepts and sees."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader import kernel, published
from grader.assignment import load
from grader.exercise import PUBLIC
from grader.handout import find
from grader.judge import judge
from grader.kinds import KINDS
from grader.oracle import exercise_key
from grader.result import Returned

torch = pytest.importorskip("torch")
functional, gradcheck = torch.nn.functional, torch.autograd.gradcheck

ROOT = Path(__file__).parent.parent
PAGE = load(ROOT / "reference" / "torch_functions.py")
PLAY = KINDS["torch_function"].play
EXERCISES = {one.name: one for one in PAGE.exercises}
HANDED_IN = sorted((ROOT / "tests" / "submissions" / "torch_functions").glob("*.py"))
CASES = [
    pytest.param(exercise, number, id=f"{exercise.name}-{exercise.variations[number].name}")
    for exercise in PAGE.exercises
    for number in range(len(exercise.variations))
]
FORWARD = {
    "LinearFunction": lambda x, W, b: functional.linear(x, W.T, b),
    "ReLUFunction": functional.relu,
    "SigmoidFunction": functional.sigmoid,
    "SoftmaxCrossEntropyFunction": lambda scores, targets, reduction: functional.cross_entropy(
        scores, targets, reduction=reduction
    ),
    "LayerNormFunction": lambda x, gamma, beta, eps: functional.layer_norm(
        x, gamma.shape, gamma, beta, eps
    ),
}
AGAIN = ("LinearFunction", "SigmoidFunction")  # can be differentiated twice


def _tensors(case):
    found = {name: torch.tensor(array) for name, array in case.inputs.items()}
    return {n: t.requires_grad_() if t.is_floating_point() else t for n, t in found.items()}


def _further(case):
    return case.options.get("forward", {}).values()


def _case(name, variation="random values", secret=PUBLIC):
    names = [one.name for one in EXERCISES[name].variations]
    return EXERCISES[name].case(names.index(variation), secret)


def _play(source, case, name):
    names = {"torch": torch, "np": np}
    exec(source, names)
    return PLAY(names, name, case)


@pytest.mark.parametrize(("exercise", "number"), CASES)
def test_the_reference_agrees_with_torch(exercise, number):
    case = exercise.case(number, PUBLIC)
    values = _tensors(case) | {"upstream": torch.tensor(case.upstream, requires_grad=True)}
    inputs = [values[name] for name in case.inputs]
    out = FORWARD[exercise.name](*inputs, *_further(case))
    wanted = {f"d{name}": one for name, one in values.items() if one.requires_grad}
    found = torch.autograd.grad(
        torch.sum(values["upstream"] * out), wanted.values(), create_graph=True
    )
    expected = dict(zip(wanted, found, strict=True))
    if case.calls == "second":
        weighted = [torch.sum(torch.tensor(a) * expected[f"d{n}"]) for n, a in case.others.items()]
        second = torch.autograd.grad(sum(weighted), wanted.values(), materialize_grads=True)
        expected |= dict(zip([f"d{name}" for name in wanted], second, strict=True))
    answers = PLAY(PAGE.namespace, exercise.name, case).answers
    for name in set(case.answers) - {"returned"}:
        want = expected[name].detach().numpy()
        np.testing.assert_allclose(answers[name], want, rtol=1e-9, atol=1e-9 * np.abs(want).max())


@pytest.mark.parametrize(("exercise", "number"), CASES)
def test_the_reference_leaves_its_arguments_as_they_were(exercise, number):
    case = exercise.case(number, PUBLIC)
    arguments = PLAY(PAGE.namespace, exercise.name, case).arguments
    given = {**case.inputs, "upstream": case.upstream}
    assert arguments.keys() == given.keys()
    for name, array in arguments.items():
        np.testing.assert_array_equal(array, given[name])


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_passes_gradcheck(name):
    case, function = _case(name), PAGE.namespace[name]
    assert gradcheck(function.apply, (*_tensors(case).values(), *_further(case)))


@pytest.mark.parametrize("name", AGAIN)
def test_the_reference_passes_gradgradcheck_where_that_is_asked(name):
    function = PAGE.namespace[name]
    assert torch.autograd.gradgradcheck(function.apply, tuple(_tensors(_case(name)).values()))


@pytest.mark.parametrize("name", sorted(EXERCISES.keys() - {*AGAIN, "ReLUFunction"}))
def test_what_saves_intermediate_results_refuses_to_be_differentiated_twice(name):
    case, function = _case(name), PAGE.namespace[name]
    inputs = _tensors(case)
    first = next(iter(inputs.values()))
    out = function.apply(*inputs.values(), *_further(case))
    (gradient,) = torch.autograd.grad((out**2).sum(), first, create_graph=True)
    with pytest.raises(RuntimeError, match="once_differentiable"):
        (gradient**2).sum().backward()


@pytest.mark.parametrize("path", [one for one in HANDED_IN if one.stem.startswith("right")])
def test_what_counts_as_right_passes_gradcheck_too(path):
    text, names = path.read_text(), {}
    exec(text, names)
    name = re.search(r"^# expect: (\S+)", text)[1]
    case = _case(name)
    loose = {"eps": 1e-4, "atol": 1e-4} if "single" in path.stem else {}
    assert gradcheck(names[name].apply, (*_tensors(case).values(), *_further(case)), **loose)


def test_the_points_of_the_page_add_up():
    assert PAGE.max_score == 50


@pytest.mark.parametrize("name", EXERCISES)
def test_the_handed_out_answers_give_the_reference_full_marks(name):
    page = find(ROOT / "assignments" / "torch_functions")
    key = published.exercise_key(page, name)
    verdict = judge(key, kernel.play(PAGE.namespace, key.request))
    assert (verdict.status, verdict.score) == ("correct", EXERCISES[name].max_score)


@pytest.mark.parametrize("name", EXERCISES)
def test_another_secret_gives_a_key_that_calculus_confirms(name):
    key = exercise_key(PAGE, EXERCISES[name], "another secret")
    assert len(key.cases) == len(EXERCISES[name].variations)


# what the kind of exercise sees

SPY = """
class ReLUFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx, upstream):
        (x,) = ctx.saved_tensors
        seen.append((upstream.stride(), x.stride(), upstream.dtype))
        {body}
"""
SAVED = """
from torch.autograd.forward_ad import dual_level, make_dual, unpack_dual
run, seen = torch._C._ImperativeEngine().run_backward, []
"""
PLAIN = "return upstream * (x > 0)"


def _relu(body, variation="random values"):
    case = _case("ReLUFunction", variation)
    source = SAVED + SPY.format(body=body)
    return case, _play(source, case, "ReLUFunction")


@pytest.mark.parametrize(
    ("variation", "strides"),
    [
        ("random values", ((3, 1), (3, 1))),
        ("transposed in memory", ((1, 5), (1, 5))),
        ("upstream of a sum", ((0, 0), (3, 1))),
    ],
)
def test_tensors_lie_in_memory_as_the_case_says(variation, strides):
    names = {"torch": torch, "seen": []}
    exec(SPY.format(body=PLAIN), names)
    PLAY(names, "ReLUFunction", _case("ReLUFunction", variation))
    assert names["seen"] == [(*strides, torch.float64)]


@pytest.mark.parametrize(
    "body",
    [
        "return upstream * (x > 0), None",
        "return (upstream * (x > 0),)",
        "torch.set_grad_enabled(False); return upstream * (x > 0)",
    ],
)
def test_what_torch_accepts_is_accepted(body):
    before = torch.is_grad_enabled()
    case, record = _relu(body)
    assert torch.is_grad_enabled() == before
    np.testing.assert_array_equal(record.answers["dx"], case.upstream * (case.inputs["x"] > 0))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("return upstream.numpy()", "expected Variable or None"),
        ("return upstream, upstream", "incorrect number of gradients"),
        ("return [upstream]", "expected Variable or None"),
    ],
)
def test_what_torch_refuses_is_refused_in_its_words(body, says):
    with pytest.raises((RuntimeError, TypeError), match=says):
        _relu(body)


def test_none_for_a_needed_gradient_arrives_as_none():
    assert _relu("return None")[1].answers["dx"] is None


@pytest.mark.parametrize("shape", ["upstream[0]", "upstream.T", "upstream[None]", "upstream.sum()"])
def test_a_gradient_of_a_wrong_shape_arrives_as_it_was_returned(shape):
    case, record = _relu(f"return {shape}")
    expected = eval(shape, {"upstream": case.upstream})
    np.testing.assert_allclose(record.answers["dx"], expected)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own, in forward mode
@pytest.mark.parametrize(
    "body",
    [
        "return torch.autograd.grad(torch.relu(x), x, upstream)[0]",
        "torch.relu(x).backward(upstream); return x.grad",
        "torch.autograd.backward(torch.relu(x), upstream); return x.grad",
        "return torch.func.vjp(torch.relu, x)[1](upstream)[0]",
        "return torch.func.grad(lambda x: (upstream * torch.relu(x)).sum())(x)",
        "return torch.autograd.functional.vjp(torch.relu, x, upstream)[1]",
        "return upstream * torch.func.jvp(torch.relu, (x,), (torch.ones_like(x),))[1]",
        "return run((torch.relu(x),), (upstream,), False, False, (x,), accumulate_grad=False)[0]",
        "return torch.ops.aten.threshold_backward(upstream, x, 0)",
        "return torch.ops.aten.threshold_backward.default(upstream, x, 0)",
        """
            with dual_level():
                y = torch.relu(make_dual(x, upstream))
                return unpack_dual(y).tangent""",
    ],
)
def test_autograd_inside_backward_is_counted(body):
    inside = "with torch.enable_grad():\n            x = x.detach().requires_grad_()\n            "
    case, record = _relu(inside + body)
    np.testing.assert_allclose(record.answers["dx"], case.upstream * (case.inputs["x"] > 0))
    assert record.forward_calls > 0


@pytest.mark.parametrize(
    "body",
    [
        "return upstream * (torch.relu(x + 1e-5) - torch.relu(x - 1e-5)) / 2e-5",
        """
        dx = torch.empty_like(x)
        for at in np.ndindex(*x.shape):
            moved = x.clone()
            moved[at] += 1e-7
            dx[at] = ((torch.relu(moved) - torch.relu(x)) * upstream).sum() / 1e-7
        return dx""",
        """
        steps = 1e-6 * torch.eye(x.numel(), dtype=x.dtype).reshape(-1, *x.shape)
        changes = (torch.relu(x + steps) - torch.relu(x)) * upstream
        return (changes.sum(dim=(1, 2)) / 1e-6).reshape(x.shape)""",
        """
        from torch.autograd.gradcheck import _get_numerical_jacobian as numerical
        slopes = numerical(torch.relu, (x.detach().requires_grad_(),), eps=1e-6)[0][0]
        return (slopes @ upstream.reshape(-1)).reshape(x.shape)""",
    ],
)
def test_differences_inside_backward_are_counted(body):
    case, record = _relu(body)
    expected = case.upstream * (case.inputs["x"] > 0)
    np.testing.assert_allclose(record.answers["dx"], expected, rtol=1e-6, atol=1e-7)
    assert record.forward_calls > 0


@pytest.mark.parametrize(
    "body",
    [
        "y = torch.relu(x + 1e-9); return upstream * (x > 0)",
        "y = x.float().double() + x; return upstream * (x > 0)",
        "a, b = (0 * x, 2 * x), (x / 2, x + x / 2); return upstream * (x + 0 * b[0] > 0)",
        """
        dx = torch.zeros_like(x)
        for at in np.ndindex(*x.shape):
            one = torch.zeros_like(x)
            one[at] = 1.0
            dx = dx + one * upstream * (x > 0)
        return dx""",
    ],
)
def test_what_moves_no_input_both_ways_or_everywhere_is_not_counted(body):
    case, record = _relu(body)
    np.testing.assert_allclose(record.answers["dx"], case.upstream * (case.inputs["x"] > 0))
    assert record.forward_calls == 0


@pytest.mark.parametrize("name", EXERCISES)
def test_the_reference_is_not_taken_for_autograd(name):
    exercise = EXERCISES[name]
    cases = (exercise.case(number, PUBLIC) for number in range(len(exercise.variations)))
    assert not any(PLAY(PAGE.namespace, name, case).forward_calls for case in cases)


def test_autograd_inside_forward_is_counted():
    source = SPY.format(body="return upstream * ctx.slope").replace(
        "return x.clamp(min=0)",
        """with torch.enable_grad():
            y = torch.relu(x.detach().requires_grad_())
        ctx.slope = y.grad_fn(torch.ones_like(y))
        return y.detach()""",
    )
    case = _case("ReLUFunction")
    record = _play("seen = []\n" + source, case, "ReLUFunction")
    np.testing.assert_allclose(record.answers["dx"], case.upstream * (case.inputs["x"] > 0))
    assert record.forward_calls > 0


@pytest.mark.parametrize(
    "body",
    [
        "torch.relu(x.detach().requires_grad_()).sum(); " + PLAIN,
        "upstream = upstream.clone().requires_grad_(); " + PLAIN,
        "relu_backward = lambda: upstream * (x > 0); return relu_backward()",
        "with torch.autograd.profiler.record_function('relu_backward'):\n            " + PLAIN,
    ],
)
def test_what_differentiates_nothing_is_not_counted(body):
    case, record = _relu("with torch.enable_grad():\n            pass\n        " + body)
    np.testing.assert_allclose(record.answers["dx"], case.upstream * (case.inputs["x"] > 0))
    assert record.forward_calls == 0


@pytest.mark.parametrize("path", [one for one in HANDED_IN if one.stem.startswith("right")])
def test_no_right_answer_is_taken_for_autograd(path):
    text, names = path.read_text(), {}
    exec(text, names)
    name = re.search(r"^# expect: (\S+)", text)[1]
    exercise = EXERCISES[name]
    cases = (exercise.case(number, PUBLIC) for number in range(len(exercise.variations)))
    assert not any(PLAY(names, name, case).forward_calls for case in cases)


def test_autograd_around_backward_is_not_counted():
    record = PLAY(
        PAGE.namespace, "SigmoidFunction", _case("SigmoidFunction", "differentiated twice")
    )
    assert record.forward_calls == 0
    assert record.answers["ddx"].any()


def test_second_derivatives_that_raise_cost_no_first_ones():
    source = (ROOT / "tests/submissions/torch_functions/right_sigmoid_helper.py").read_text()
    source = source.replace("(y,) = ctx", "y0 = upstream.numpy()\n        (y,) = ctx")
    record = _play(source, _case("SigmoidFunction", "differentiated twice"), "SigmoidFunction")
    assert record.answers.keys() == {"out"}
    assert "dx" in _play(source, _case("SigmoidFunction"), "SigmoidFunction").answers


def test_an_empty_stub_stays_one_in_every_case():
    exercise = EXERCISES["LinearFunction"]
    key = exercise_key(PAGE, exercise, PUBLIC)
    class_of = "class LinearFunction(torch.autograd.Function):\n    @staticmethod\n"
    given = "    def forward(ctx, x, W, b): return x @ W + b\n    @staticmethod\n"
    names = {"torch": torch}
    exec(class_of + given + "    def backward(ctx, upstream): raise NotImplementedError", names)
    assert judge(key, kernel.play(names, key.request)).status == "missing"


def test_a_class_of_another_kind_is_named():
    with pytest.raises(
        TypeError, match=r"ReLUFunction is no subclass of torch\.autograd\.Function"
    ):
        PLAY({"ReLUFunction": dict}, "ReLUFunction", _case("ReLUFunction"))


def test_without_torch_the_student_is_told_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    page = find(ROOT / "assignments" / "torch_functions")
    key = published.exercise_key(page, "ReLUFunction")
    (first, *_) = kernel.play({"ReLUFunction": dict}, key.request).outcomes
    assert not isinstance(first, Returned)
    assert "pip install 'autograd-grader[torch]'" in first.message


def test_the_table_of_kinds_is_read_without_torch():
    code = "import sys, grader.kinds; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
