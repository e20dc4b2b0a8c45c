"""What is kept from step to step: running means, counters, and when they change."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from grader.mistakes.tree import Changes, expr, loads, renamed
from grader.mutants import Mistake
from grader.scope import Names


def swap_weights(node: ast.AST, _names: Names) -> Changes:
    """a x + (1 - a) y, with the weights each at the other."""
    if found := _mean(node):
        old, weight, new, other = found
        yield _sum(_product(other, old), _product(weight, new))


def sum_for_running_mean(node: ast.AST, _names: Names) -> Changes:
    if found := _mean(node):
        old, _, new, _ = found
        yield _sum(old, new)


def running_mean_for_sum(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(
            left=ast.BinOp(left=weight, op=ast.Mult()) as old, op=ast.Add(), right=right
        ) if not _mean(node) and isinstance(weight, ast.Name | ast.Attribute):
            other = ast.BinOp(ast.Constant(1), ast.Sub(), weight)
            yield _sum(old, _product(other, right))


def update_early(node: ast.AST, _names: Names) -> Changes:
    """What belongs to the next step is computed before this one needs the old value: in one place,
    or everywhere."""
    if isinstance(node, ast.Module):
        found = list(_updates(node.body))
        for chosen in (*([one] for one in found), found):
            if body := _hoisted(node.body, chosen):
                yield ast.Module(body, [])


def _updates(body: Sequence[ast.stmt]) -> Iterator[tuple[ast.Assign, str, str]]:
    """Every new = old + ..., new = old - ..., with the names of new and old."""
    for one in body:
        match one:
            case ast.Assign(
                targets=[ast.Name(id=new)],
                value=ast.BinOp(left=ast.Name(id=old), op=ast.Add() | ast.Sub()),
            ) if new != old:
                yield one, new, old


def _hoisted(
    body: Sequence[ast.stmt], updates: Sequence[tuple[ast.Assign, str, str]]
) -> list[ast.stmt]:
    """Each update right after the last line that it needs; what follows reads the new value."""
    made = list(body)
    for update, new, old in updates:
        made.remove(update)
        needed = loads(update.value)
        last = max((n for n, one in enumerate(made) if needed & _stored(one)), default=-1)
        rest = renamed(ast.Module(made[last + 1 :], []), old, new)
        made = [*made[: last + 1], update, *rest.body]
    return made if updates else []


def _stored(statement: ast.stmt) -> set[str]:
    return {
        one.id
        for one in ast.walk(statement)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }


Mean = tuple[ast.expr, ast.expr, ast.expr, ast.expr]


def _mean(node: ast.AST) -> Mean | None:
    """The parts of a x + (1 - a) y: x, a, y, 1 - a."""
    match node:
        case ast.BinOp(
            left=ast.BinOp(left=weight, op=ast.Mult(), right=old),
            op=ast.Add(),
            right=ast.BinOp(left=ast.BinOp() as other, op=ast.Mult(), right=new),
        ) if ast.unparse(other) == f"1 - {ast.unparse(weight)}":
            return old, weight, new, other
    return None


def _sum(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.BinOp(left, ast.Add(), right)


def _product(left: ast.expr, right: ast.expr) -> ast.expr:
    return ast.BinOp(left, ast.Mult(), right)


def keep_result(node: ast.AST, _names: Names) -> Changes:
    """What is computed from a thing that is kept takes its place: one of them, or all."""
    if isinstance(node, ast.For):
        found = [number for number, one in enumerate(node.body) if _kept_in(one)]
        for chosen in (*([one] for one in found), found):
            if body := _with_kept(node.body, chosen):
                yield ast.For(node.target, node.iter, body, [])


def _kept_in(statement: ast.stmt) -> str:
    """The text of self.m[name], where a plain name is computed from it; else ""."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.BinOp() as value):
            for one in ast.walk(value):
                if isinstance(one, ast.Subscript) and ast.unparse(one).startswith("self."):
                    return ast.unparse(one)
    return ""


def _with_kept(body: Sequence[ast.stmt], chosen: Sequence[int]) -> list[ast.stmt]:
    made = ast.Module(list(body), [])
    for number in chosen:
        match made.body[number]:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) as statement:
                kept = _kept_in(statement)
                rest = renamed(ast.Module(made.body[number + 1 :], []), name, kept)
                target = expr(kept)
                assert isinstance(target, ast.Subscript)
                target.ctx = ast.Store()
                store = ast.Assign([target], value)
                made = ast.Module([*made.body[:number], store, *rest.body], [])
    return made.body if chosen else []


def count_inside(node: ast.AST, _names: Names) -> Changes:
    """A counter goes up in every round of a loop that it should precede."""
    if not isinstance(node, ast.Module):
        return
    for number, one in enumerate(node.body):
        if isinstance(one, ast.AugAssign):
            for at, loop in enumerate(node.body[number + 1 :], number + 1):
                if isinstance(loop, ast.For):
                    inside = ast.For(loop.target, loop.iter, [one, *loop.body], [])
                    before = [*node.body[:number], *node.body[number + 1 : at]]
                    yield ast.Module([*before, inside, *node.body[at + 1 :]], [])


def shrink_through_gradient(node: ast.AST, _names: Names) -> Changes:
    """What shrinks a parameter directly is added to its gradient."""
    if not isinstance(node, ast.For):
        return
    for number, statement in enumerate(node.body):
        for parameter, rate in _shrinking(statement):
            for at, one in enumerate(node.body[:number]):
                match one:
                    case ast.Assign(targets=[ast.Name()], value=ast.Subscript() as gradient):
                        decayed = _sum(gradient, _product(rate, parameter))
                        body = [*node.body[:number], *node.body[number + 1 :]]
                        body[at] = ast.Assign(one.targets, decayed)
                        yield ast.For(node.target, node.iter, body, [])


def _shrinking(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Of p *= 1 - a * b: p with each of a and b."""
    match statement:
        case ast.AugAssign(
            target=target,
            op=ast.Mult(),
            value=ast.BinOp(
                left=ast.Constant(value=1),
                op=ast.Sub(),
                right=ast.BinOp(left=a, op=ast.Mult(), right=b),
            ),
        ):
            parameter = expr(ast.unparse(target))
            yield from ((parameter, one) for one in (a, b) if loads(one))


MISTAKES = (
    Mistake(
        "decay-in-gradient",
        "Through what does the decay go on its way to the parameters?",
        "Look at where the decay of the parameters enters.",
        "The decay is added to the gradient, where it should shrink the parameters directly.",
        "for n in self.p:\n    g = grads[n]\n    self.p[n] *= 1 - self.lr * self.decay",
        "for n in self.p:\n    g = grads[n] + self.decay * self.p[n]",
        shrink_through_gradient,
    ),
    Mistake(
        "corrected-value-kept",
        "What is kept for the next step, and what is for this step alone?",
        "Look at what you store on self.",
        "What is for one step alone is stored and enters the next step.",
        "for n in self.p:\n    hat = self.m[n] / 2\n    self.p[n] -= hat",
        "for n in self.p:\n    self.m[n] = self.m[n] / 2\n    self.p[n] -= self.m[n]",
        keep_result,
    ),
    Mistake(
        "counted-too-often",
        "How many steps have you counted after the first step?",
        "Look at where your counter goes up.",
        "The counter goes up in every round of the loop, where it should once in a step.",
        "self.t += 1\nfor n in self.p:\n    pass",
        "for n in self.p:\n    self.t += 1",
        count_inside,
    ),
    Mistake(
        "updated-too-early",
        "Which value does each line need, the one before the step or the one after it?",
        "Look at when you update, and at what is computed from it afterwards.",
        "An update comes before lines that need the old value.",
        "d = e - 1\ns = W * d\nnew = W - d",
        "d = e - 1\nnew = W - d\ns = new * d",
        update_early,
    ),
    Mistake(
        "weights-exchanged",
        "How much of what was there stays, and how much comes in anew?",
        "Look at the two weights of the running mean.",
        "The two weights of a running mean stand each at the other's place.",
        "m = a * m + (1 - a) * g",
        "m = (1 - a) * m + a * g",
        swap_weights,
    ),
    Mistake(
        "sum-for-running-mean",
        "What becomes of what was added long ago?",
        "Look at the two weights of the running mean.",
        "Everything is added up, where a running mean forgets.",
        "m = a * m + (1 - a) * g",
        "m = m + g",
        sum_for_running_mean,
    ),
    Mistake(
        "running-mean-for-sum",
        "With which weight does the new term enter?",
        "Look at the weights of the two terms.",
        "The new term is weighted as in a running mean, where it should enter whole.",
        "v = a * v + g",
        "v = a * v + (1 - a) * g",
        running_mean_for_sum,
    ),
)
