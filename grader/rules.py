"""The changes behind the catalogue of mistakes: rules on syntax trees, one per misconception.

A rule is given one node and the names that may stand in each other's place; it yields what a
student may have written there instead. None leaves the node out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy

from grader.mutants import Names

Changes = Iterator[ast.AST | None]
TWICE = "self.kept_twice"  # what forward gives for its own result; see mutants.py
REDUCTIONS = {"sum", "mean", "max", "min", "prod"}


def _expr(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def ignore_upstream(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Name(id="upstream", ctx=ast.Load()):
            yield _expr("np.ones_like(upstream)")
        case ast.Module():
            yield _Rename("upstream", "np.ones_like(upstream)").visit(deepcopy(node))


def drop_transpose(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Attribute(value=value, attr="T"):
            yield value
        case ast.Call(func=ast.Attribute(value=value, attr="swapaxes" | "transpose")):
            yield value


def add_transpose(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult() as op, right=right):
            yield ast.BinOp(ast.Attribute(left, "T", ast.Load()), op, right)
            yield ast.BinOp(left, op, ast.Attribute(right, "T", ast.Load()))


def swap_factors(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult() as op, right=right):
            yield ast.BinOp(right, op, left)


def elementwise(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            yield ast.BinOp(left, ast.Mult(), right)


def _reduction(node: ast.AST) -> tuple[ast.Call, ast.Attribute] | None:
    match node:
        case ast.Call(func=ast.Attribute(attr=name) as function) if name in REDUCTIONS:
            return node, function
    return None


def _other_reduction(node: ast.AST, of: str, other: str) -> Changes:
    if (found := _reduction(node)) and found[1].attr == of:
        call, function = found
        yield ast.Call(ast.Attribute(function.value, other, ast.Load()), call.args, call.keywords)


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
    added = [] if value is None else [ast.keyword(name, _expr(value))]
    return ast.Call(call.func, call.args, [*kept, *added])


def other_axis(node: ast.AST, _names: Names) -> Changes:
    if found := _reduction(node):
        for axis in ("0", "1", "-1", None):
            yield _with_keyword(found[0], "axis", axis)


def other_keepdims(node: ast.AST, _names: Names) -> Changes:
    if found := _reduction(node):
        for keepdims in ("True", None):
            yield _with_keyword(found[0], "keepdims", keepdims)


def _flip_sign(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield ast.BinOp(right, ast.Sub(), left)
            yield ast.BinOp(left, ast.Add(), right)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield ast.BinOp(left, ast.Sub(), right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.AugAssign(target=target, op=ast.Add(), value=value):
            yield ast.AugAssign(target, ast.Sub(), value)
        case ast.AugAssign(target=target, op=ast.Sub(), value=value):
            yield ast.AugAssign(target, ast.Add(), value)
        case ast.Return(value=ast.expr() as value):
            yield ast.Return(ast.UnaryOp(ast.USub(), value))
        case ast.Assign(targets=targets, value=value):
            yield ast.Assign(targets, ast.UnaryOp(ast.USub(), value))


def drop_term(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield left
            yield right
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            yield left
            yield ast.UnaryOp(ast.USub(), right)


def drop_factor(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield left
            yield right


def drop_division(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Div()):
            yield left


def _square_for_factor(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield ast.BinOp(node, ast.Mult(), right)
            yield ast.BinOp(node, ast.Mult(), left)
        case ast.BinOp(op=ast.Div(), right=right):
            yield ast.BinOp(node, ast.Div(), right)


def _is_load(node: ast.AST, names: Names) -> bool:
    is_name = isinstance(node, ast.expr) and isinstance(_context(node), ast.Load)
    return is_name and ast.unparse(node) in _arrays(names)


def negate_name(node: ast.AST, names: Names) -> Changes:
    yield from _flip_sign(node, names)
    if _is_load(node, names):
        yield _expr(f"-{ast.unparse(node)}")


def square_name(node: ast.AST, names: Names) -> Changes:
    yield from _square_for_factor(node, names)
    if _is_load(node, names):
        yield _expr(f"{ast.unparse(node)} ** 2")


def extra_factor(node: ast.AST, names: Names) -> Changes:
    for name in _arrays(names) if _is_load(node, names) else ():
        yield _expr(f"{ast.unparse(node)} * {name}")
    match node:
        case ast.Return(value=ast.expr() as value):
            yield from (ast.Return(ast.BinOp(value, ast.Mult(), _expr(n))) for n in _arrays(names))


def extra_term(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Return(value=ast.expr() as value):
            yield from (ast.Return(ast.BinOp(value, ast.Add(), _expr(n))) for n in _arrays(names))


def slope_of_another(node: ast.AST, names: Names) -> Changes:
    """The slope of a sigmoid, a tanh or a ReLU where another function was applied."""
    if isinstance(node, ast.Return) and "upstream" in names:
        for y in _arrays(names):
            if y != "upstream":
                for slope in (f"{y} * (1 - {y})", f"(1 - {y} ** 2)", f"({y} > 0)"):
                    yield ast.Return(_expr(f"upstream * {slope}"))


def apply_function(node: ast.AST, names: Names) -> Changes:
    if _is_load(node, names):
        yield from (_expr(f"{f}({ast.unparse(node)})") for f in ("np.log", "np.exp"))


def index_off_by_one(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[*first, last]), ctx=context):
            for step in (1, -1):
                moved = ast.BinOp(last, ast.Sub(), ast.Constant(step))
                yield ast.Subscript(value, ast.Tuple([*first, moved], ast.Load()), context)


def prediction_for_target(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[*first, _]), ctx=context):
            for name in _arrays(names):
                predicted = ast.Tuple([*first, _expr(f"{name}.argmax(axis=-1)")], ast.Load())
                yield ast.Subscript(value, predicted, context)


def return_too_early(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.For(body=[*_, ast.Assign(targets=[ast.Name(id=name)])]):
            stop = ast.Return(ast.Name(name, ast.Load()))
            yield ast.For(node.target, node.iter, [*node.body, stop], [])


def other_power(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            yield left
            yield ast.BinOp(left, ast.Pow(), ast.BinOp(right, ast.Sub(), ast.Constant(1)))
            yield ast.BinOp(left, ast.Pow(), ast.BinOp(right, ast.Add(), ast.Constant(1)))


def inverse_operation(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            yield ast.BinOp(left, ast.Mult(), right)
            yield ast.BinOp(right, ast.Div(), left)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield ast.BinOp(left, ast.Div(), right)


def _arrays(names: Names) -> list[str]:
    return [name for name in names if name[0].isalpha() and name != TWICE]


def default_for_parameter(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Attribute(value=ast.Name(id="self"), ctx=ast.Load()):
            yield from (_expr(name) for name in names if not name[0].isalpha())


def value_for_gate(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Compare(left=left):
            yield left
            yield from (_expr(name) for name in _arrays(names))
        case ast.Call(func=ast.Attribute(attr="where")):
            yield from (_expr(name) for name in _arrays(names))


def sign_for_gate(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left):
            yield ast.Call(_expr("np.sign"), [left], [])
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, _]):
            yield ast.Call(node.func, [condition, a, ast.Constant(-1.0)], [])


def no_gate(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left):
            yield ast.Compare(left, [ast.Eq()], [left])


def value_for_slope(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, b]):
            for name in _arrays(names):
                yield ast.Call(node.func, [condition, _expr(name), b], [])
                yield ast.Call(node.func, [condition, a, _expr(name)], [])
                if name != ast.unparse(b):
                    scaled = ast.BinOp(b, ast.Mult(), _expr(name))
                    yield ast.Call(node.func, [condition, a, scaled], [])


def move_parentheses(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=a, op=outer, right=ast.BinOp(left=b, op=inner, right=c)):
            yield ast.BinOp(ast.BinOp(a, outer, b), inner, c)
    match node:
        case ast.BinOp(left=ast.BinOp(left=a, op=inner, right=b), op=outer, right=c):
            yield ast.BinOp(a, inner, ast.BinOp(b, outer, c))
            yield ast.BinOp(ast.BinOp(a, outer, c), inner, b)


def absolute_value(node: ast.AST, names: Names) -> Changes:
    if isinstance(node, ast.expr) and isinstance(_context(node), ast.Load):
        if ast.unparse(node) not in _arrays(names):
            return
        yield ast.Call(_expr("np.abs"), [node], [])


def extra_slope(node: ast.AST, _names: Names) -> Changes:
    """The result times y (1 - y), for some y in it: the slope of an activation once too often."""
    match node:
        case ast.Return(value=ast.expr() as value):
            for y in [value, *ast.walk(value)]:
                if isinstance(y, ast.Call | ast.Attribute) and not _is_module(y):
                    text = ast.unparse(y)
                    yield ast.Return(_expr(f"({ast.unparse(value)}) * {text} * (1 - {text})"))


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np"


def columns_for_pairs(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[rows, columns]), ctx=context):
            if not isinstance(rows, ast.Slice):
                every = ast.Tuple([ast.Slice(), columns], ast.Load())
                yield ast.Subscript(value, every, context)


def shorter_loop(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.For(target=target, iter=over, body=body):
            for part in ("[1:]", "[:-1]"):
                yield ast.For(target, _expr(f"list({ast.unparse(over)}){part}"), body, [])


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
                after = ast.Module(node.body[number + 1 :], [])
                _Rename(name, "last").visit(after := deepcopy(after))
                yield ast.Module([*node.body[:number], step, *after.body], [])


def _assign(name: str, value: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], value)


def other_name(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Name(ctx=ast.Load()) | ast.Attribute(value=ast.Name(id="self"), ctx=ast.Load()):
            if (text := ast.unparse(node)) in names:
                yield from (_expr(other) for other in _arrays(names) if other != text)


def other_name_everywhere(node: ast.AST, names: Names) -> Changes:
    """The whole formula written with another array, as when forward kept the wrong one."""
    if isinstance(node, ast.Module):
        used = {ast.unparse(one) for one in ast.walk(node) if isinstance(one, ast.expr)}
        for name in _arrays(names):
            for other in _arrays(names):
                if name in used and other != name:
                    yield _Rename(name, other).visit(deepcopy(node))


def apply_twice(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Name() as function, args=[_]):
            yield ast.Call(function, [node], [])
    if isinstance(node, ast.Module) and TWICE in names:
        for name in _arrays(names):
            yield _Rename(name, TWICE).visit(deepcopy(node))


class _Rename(ast.NodeTransformer):
    def __init__(self, name: str, other: str) -> None:
        self._name, self._other = name, other

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.expr) and ast.unparse(node) == self._name:
            return _expr(self._other) if isinstance(_context(node), ast.Load) else node
        return self.generic_visit(node)


def _context(node: ast.AST) -> ast.expr_context | None:
    return getattr(node, "ctx", None)


def flip_comparison(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left, ops=[ast.Gt() | ast.GtE()], comparators=right):
            yield ast.Compare(left, [ast.LtE()], right)
        case ast.Compare(left=left, ops=[ast.Lt() | ast.LtE()], comparators=right):
            yield ast.Compare(left, [ast.GtE()], right)
        case ast.Compare(left=left, ops=[ast.Eq()], comparators=right):
            yield ast.Compare(left, [ast.NotEq()], right)


def other_threshold(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=[_]):
            yield ast.Compare(left, ops, [ast.Constant(1.0)])
            yield ast.Compare(left, ops, [ast.Constant(-1.0)])


def swap_branches(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, b]):
            yield ast.Call(node.func, [condition, b, a], [])


def no_branch(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Attribute(attr="where"), args=[condition, a, b]):
            yield a
            yield b
            yield ast.Call(node.func, [condition, a, ast.Constant(0.0)], [])
            yield ast.Call(node.func, [condition, ast.Constant(1.0), b], [])
            yield ast.Call(node.func, [condition, a, a], [])
            yield ast.Call(node.func, [condition, b, b], [])


def other_constant(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            for other in (0, 1, 2, -1, -value, value + 1, value / 2):
                if other != value:
                    yield _expr(repr(other))


def overwrite(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.AugAssign(target=target, value=value):
            yield ast.Assign([target], value)


def forward_order(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(func=ast.Name(id="reversed"), args=[sequence]):
            yield sequence


def drop_call(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(args=[argument]) if isinstance(argument, ast.expr):
            yield argument


def drop_statement(node: ast.AST, _names: Names) -> Changes:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.For | ast.If):
        yield None
