"""Loops and the statements in them."""

from __future__ import annotations

import ast

from grader.mistakes.tree import Changes, everywhere, expr, renamed
from grader.mutants import Mistake
from grader.scope import Names


def return_too_early(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.For(body=[*_, ast.Assign(targets=[ast.Name(id=name)])]):
            stop = ast.Return(ast.Name(name, ast.Load()))
            yield ast.For(node.target, node.iter, [*node.body, stop], [])


def shorter_loop(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.For(target=target, iter=over, body=body):
            for part in ("[1:]", "[:-1]"):
                yield ast.For(target, expr(f"list({ast.unparse(over)}){part}"), body, [])
    match node:
        case ast.For(iter=ast.Call(func=ast.Attribute(attr="ndindex"), args=[sizes])):
            fewer = expr(f"np.ndindex(*(n - 1 for n in {ast.unparse(sizes)}))")
            yield ast.For(node.target, fewer, node.body, [])


def one_step(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.For(target=target, iter=over, body=body):
            for part in ("[:1]", "[-1:]"):
                yield ast.For(target, expr(f"list({ast.unparse(over)}){part}"), body, [])


def other_order(node: ast.AST, _names: Names) -> Changes:
    """Two neighbouring statements exchanged."""
    if isinstance(node, ast.For | ast.Module):
        for at in range(len(node.body) - 1):
            first, second = node.body[at : at + 2]
            body = [*node.body[:at], second, first, *node.body[at + 2 :]]
            if isinstance(node, ast.For):
                yield ast.For(node.target, node.iter, body, [])
            elif not isinstance(first, ast.Return) and not isinstance(second, ast.Return):
                yield ast.Module(body, [])


def keep_old_gradients(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="zero_grad"))):
            yield None


def unused_result(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.Call() as value):
            yield ast.Expr(value)


def unchained(node: ast.AST, _names: Names) -> Changes:
    """Every step of a loop starts from the same value; the last one's result is returned."""
    if not isinstance(node, ast.Module):
        return
    for number, loop in enumerate(node.body):
        match loop:
            case ast.For(body=[ast.Assign(targets=[ast.Name(id=name)], value=value)]):
                step = ast.For(loop.target, loop.iter, [_assign("last", value)], [])
                after = renamed(ast.Module(node.body[number + 1 :], []), name, "last")
                yield ast.Module([*node.body[:number], step, *after.body], [])


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def forward_order(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Name(id="reversed"), args=[sequence]):
            yield sequence


def overwrite(node: ast.AST, _names: Names) -> Changes:
    """In one place, or wherever something is added to what is there already."""
    if isinstance(node, ast.Module):
        yield everywhere(node, _overwriting)
    elif changed := _overwriting(node):
        yield changed


def _overwriting(node: ast.AST) -> ast.stmt | None:
    match node:
        case ast.AugAssign(target=target, value=value):
            return ast.Assign([target], value)
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr="at"), args=[array, index, value])):
            target = ast.Subscript(array, index, ast.Store())
            return ast.AugAssign(target, ast.Add(), value)
    return None


MISTAKES = (
    Mistake(
        "gradients-not-zeroed",
        "Take two steps: does the second one know of the first one's gradients?",
        "Look at what is in .grad at the moment when backward begins to add to it.",
        "The gradients of earlier steps are still there and are added to.",
        "model.zero_grad()\nloss.backward()",
        "loss.backward()",
        keep_old_gradients,
    ),
    Mistake(
        "order-not-reversed",
        "Which layer's output reaches the loss first?",
        "Look at the order in which you walk through the layers.",
        "The layers are walked forwards, where the gradient comes from the end.",
        "for layer in reversed(self.layers):\n    pass",
        "for layer in self.layers:\n    pass",
        forward_order,
    ),
    Mistake(
        "result-unused",
        "What becomes of the value that this call returns?",
        "Look at each call in the loop and at where its result goes.",
        "The result of a call is thrown away.",
        "dx = layer.backward(upstream)",
        "layer.backward(upstream)",
        unused_result,
    ),
    Mistake(
        "not-chained",
        "What does each step of the loop receive: the first value, or what the last step gave?",
        "Look at the variable that goes from one step of the loop to the next.",
        "Every step starts from the same value, so that only the last one counts.",
        "for layer in self.layers:\n    upstream = layer.backward(upstream)\nreturn upstream",
        "for layer in self.layers:\n    last = layer.backward(upstream)\nreturn last",
        unchained,
    ),
    Mistake(
        "loop-too-short",
        "How often does your loop run, and how often should it?",
        "Look at the first and at the last step of the loop.",
        "The loop leaves out one step.",
        "for layer in self.layers:\n    pass",
        "for layer in list(self.layers)[1:]:\n    pass",
        shorter_loop,
    ),
    Mistake(
        "return-too-early",
        "How often does your loop run, and how often should it?",
        "Look at where the return stands.",
        "The function returns inside of the loop.",
        "for layer in self.layers:\n    upstream = layer.backward(upstream)",
        "for layer in self.layers:\n    upstream = layer.backward(upstream)\n    return upstream",
        return_too_early,
    ),
    Mistake(
        "overwritten",
        "How many contributions reach this entry?",
        "Look at where you assign inside a loop.",
        "An assignment overwrites what should add up.",
        "dW += step",
        "dW = step",
        overwrite,
    ),
    Mistake(
        "one-step-only",
        "How often does your loop run, and how often should it?",
        "Look at what happens in the first and in the last step of the loop.",
        "Only one step of the loop counts.",
        "for layer in self.layers:\n    pass",
        "for layer in list(self.layers)[:1]:\n    pass",
        one_step,
    ),
    Mistake(
        "steps-in-wrong-order",
        "Does each line find what it needs, and find it as it should be at that moment?",
        "Look at the order of your lines, and at what each of them changes.",
        "Two steps are carried out in the wrong order.",
        "dx = upstream\nupstream = self.x",
        "upstream = self.x\ndx = upstream",
        other_order,
    ),
)
