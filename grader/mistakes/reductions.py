"""Sums, means and the axes over which they run."""

from __future__ import annotations

import ast

from grader.mistakes.tree import Changes, everywhere, expr
from grader.mutants import Mistake
from grader.scope import Names

REDUCTIONS = {"sum", "mean", "max", "min", "prod"}


def _reduction(node: ast.AST) -> tuple[ast.Call, ast.Attribute] | None:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) as function) if name in REDUCTIONS:
            return node, function
    return None


def _other_reduction(node: ast.AST, of: str, other: str) -> Changes:
    """In one place, or everywhere."""

    def change(one: ast.AST) -> ast.AST | None:
        if not (found := _reduction(one)) or found[1].attr != of:
            return None
        call, function = found
        changed = ast.Attribute(function.value, other, ast.Load())
        return ast.Call(changed, call.args, call.keywords)

    if isinstance(node, ast.Module):
        yield everywhere(node, change)
    elif changed := change(node):
        yield changed


def mean_for_sum(node: ast.AST, _names: Names) -> Changes:
    yield from _other_reduction(node, "sum", "mean")


def sum_for_mean(node: ast.AST, _names: Names) -> Changes:
    yield from _other_reduction(node, "mean", "sum")


def without_sum(node: ast.AST, _names: Names) -> Changes:
    if found := _reduction(node):
        call, function = found
        is_numpy = isinstance(function.value, ast.Name) and function.value.id == "np"
        yield call.args[0] if is_numpy and call.args else function.value


def _with_keyword(call: ast.Call, name: str, value: str | None) -> ast.Call:
    kept = [keyword for keyword in call.keywords if keyword.arg != name]
    added = [] if value is None else [ast.keyword(name, expr(value))]
    return ast.Call(call.func, call.args, [*kept, *added])


def other_axis(node: ast.AST, _names: Names) -> Changes:
    if found := _reduction(node):
        for axis in ("0", "1", "-1", None):
            yield _with_keyword(found[0], "axis", axis)
    if isinstance(node, ast.Module | ast.stmt):
        yield from _other_axis_throughout(node)


def _other_axis_throughout(node: ast.Module | ast.stmt) -> Changes:
    """Every reduction over one axis runs over another one, as in a formula that was copied."""
    calls = [found[0] for one in ast.walk(node) if (found := _reduction(one))]
    for old in dict.fromkeys(_keyword(call, "axis") for call in calls):
        for axis, keepdims in (("0", None), ("-1", "True"), ("None", None)):
            yield everywhere(node, lambda one, new=(old, axis, keepdims): _moved(one, *new))  # type: ignore[misc]


def _moved(node: ast.AST, old: str, axis: str, keepdims: str | None) -> ast.AST | None:
    if (found := _reduction(node)) and _keyword(found[0], "axis") == old:
        return _with_keyword(_with_keyword(found[0], "axis", axis), "keepdims", keepdims)
    return None


def _keyword(call: ast.Call, name: str) -> str:
    return next((ast.unparse(one.value) for one in call.keywords if one.arg == name), "")


def other_keepdims(node: ast.AST, _names: Names) -> Changes:
    if found := _reduction(node):
        for keepdims in ("True", None):
            yield _with_keyword(found[0], "keepdims", keepdims)


MISTAKES = (
    Mistake(
        "mean-for-sum",
        "Your gradient shrinks as the batch grows. Where is the mean taken, here or in the loss?",
        "Look at the line that reduces over the batch.",
        "You averaged where contributions are added up.",
        "db = upstream.sum(axis=0)",
        "db = upstream.mean(axis=0)",
        mean_for_sum,
    ),
    Mistake(
        "sum-for-mean",
        "Your gradient grows with the batch. Does the output?",
        "Look at the line that reduces over an axis.",
        "You added up where an average is taken.",
        "shift = upstream.mean(axis=0)",
        "shift = upstream.sum(axis=0)",
        sum_for_mean,
    ),
    Mistake(
        "not-summed",
        "One number serves many entries: how do their contributions become one?",
        "Compare the shape of your gradient with the shape of what it belongs to.",
        "A sum is missing: the contributions were never added up.",
        "db = upstream.sum(axis=0)",
        "db = upstream",
        without_sum,
    ),
    Mistake(
        "wrong-axis",
        "Which axis is the batch, and which one should disappear?",
        "Look at the axis over which you reduce.",
        "The reduction runs over the wrong axis, or over all of them.",
        "db = upstream.sum(axis=0)",
        "db = upstream.sum(axis=1)",
        other_axis,
    ),
    Mistake(
        "axis-kept",
        "Compare the shape of your gradient with the shape of what it belongs to.",
        "Look at the reduction, and at whether its axis should stay.",
        "keepdims is the wrong way round: an axis of length 1 stays, or is missing.",
        "db = upstream.sum(axis=0)",
        "db = upstream.sum(axis=0, keepdims=True)",
        other_keepdims,
    ),
)
