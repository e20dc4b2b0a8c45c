"""Operations and functions that do not belong."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.mistakes.tree import Changes, arrays, expr, is_load, loads, renamed
from grader.mutants import Mistake
from grader.scope import Names


def extra_factor(node: ast.AST, names: Names) -> Changes:
    """The factors of a product commute, so that a product gets its factor once, as a whole."""
    match node:
        case ast.Return(value=ast.expr() as value):
            yield from (ast.Return(one) for one in _multiplied(value, names))
        case ast.Assign(targets=targets, value=value):
            yield from (ast.Assign(targets, one) for one in _multiplied(value, names))
        case ast.AugAssign(target=target, op=op, value=value):
            yield from (ast.AugAssign(target, op, one) for one in _multiplied(value, names))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.MatMult() as op, right=right):
            whole = None if isinstance(op, ast.MatMult) else node
            yield from (ast.BinOp(one, op, right) for one in _multiplied(left, names, whole))
            yield from (ast.BinOp(left, op, one) for one in _multiplied(right, names, whole))
        case ast.Call(args=[ast.expr() as first, *others]):
            for one in _multiplied(first, names):
                yield ast.Call(node.func, [one, *others], node.keywords)


def _multiplied(value: ast.expr, names: Names, whole: ast.AST | None = None) -> Iterator[ast.expr]:
    """whole: what the product is a part of, whose shape should stay"""
    if isinstance(value, ast.Constant):
        return
    for factor in names.factors(ast.unparse(whole or value), arrays(names)):
        yield ast.BinOp(value, ast.Mult(), expr(factor))


def extra_term(node: ast.AST, names: Names) -> Changes:
    match node:
        case ast.Return(value=ast.expr() as value):
            for name in names.factors(ast.unparse(value), arrays(names)):
                yield ast.Return(ast.BinOp(value, ast.Add(), expr(name)))


def slope_of_another(node: ast.AST, names: Names) -> Changes:
    """The slope of a sigmoid, a tanh or a ReLU where another function was applied."""
    match node:
        case ast.Return(value=ast.expr() as value) if "upstream" in names:
            for y in names.factors(ast.unparse(value), arrays(names)):
                if y != "upstream":
                    for slope in (f"{y} * (1 - {y})", f"(1 - {y} ** 2)", f"({y} > 0)"):
                        yield ast.Return(expr(f"upstream * {slope}"))
        case ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=ast.BinOp() as square):
            if isinstance(square.op, ast.Pow):  # of tanh
                y = ast.unparse(square.left)
                yield expr(f"{y} * (1 - {y})")
        case ast.BinOp(left=left, op=ast.Mult(), right=ast.BinOp() as rest):
            if isinstance(rest.op, ast.Sub) and ast.unparse(rest.left) == "1":  # of a sigmoid
                yield from _tanh_for_sigmoid(left, rest.right)


def _tanh_for_sigmoid(left: ast.expr, y: ast.expr) -> Changes:
    """For y (1 - y), or for factors with y as their last, times (1 - y)."""
    slope = ast.BinOp(ast.Constant(1), ast.Sub(), ast.BinOp(y, ast.Pow(), ast.Constant(2)))
    if ast.unparse(left) == ast.unparse(y):
        yield slope
    match left:
        case ast.BinOp(left=others, op=ast.Mult(), right=last):
            if ast.unparse(last) == ast.unparse(y):
                yield ast.BinOp(others, ast.Mult(), slope)


def other_extremum(node: ast.AST, _names: Names) -> Changes:
    pairs = (("max", "min"), ("argmax", "argmin"), ("maximum", "minimum"))
    others = {one: other for a, b in pairs for one, other in ((a, b), (b, a))}
    match node:
        case ast.Attribute(value=value, attr=name) if name in others:
            yield ast.Attribute(value, others[name], ast.Load())


def move_out_of_call(node: ast.AST, _names: Names) -> Changes:
    """A term added outside of a function instead of inside."""
    match node:
        case ast.Call(args=[ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right)]):
            yield ast.BinOp(ast.Call(node.func, [left], node.keywords), op, right)


def move_into_call(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(
            left=ast.Call(func=function, args=[argument]),
            op=ast.Add() | ast.Sub() as op,
            right=right,
        ):
            yield ast.Call(function, [ast.BinOp(argument, op, right)], [])


def move_over_call(node: ast.AST, names: Names) -> Changes:
    yield from move_into_call(node, names)
    yield from move_out_of_call(node, names)


def apply_function(node: ast.AST, names: Names) -> Changes:
    if is_load(node, names):
        yield from (expr(f"{f}({ast.unparse(node)})") for f in ("np.log", "np.exp"))


def other_power(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            yield left
            yield ast.BinOp(left, ast.Pow(), ast.BinOp(right, ast.Sub(), ast.Constant(1)))
            yield ast.BinOp(left, ast.Pow(), ast.BinOp(right, ast.Add(), ast.Constant(1)))
            yield ast.Call(expr("np.abs"), [left], [])


def inverse_operation(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            yield ast.BinOp(left, ast.Mult(), right)
            yield ast.BinOp(right, ast.Div(), left)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield ast.BinOp(left, ast.Div(), right)


def move_parentheses(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.BinOp(left=a, op=outer, right=ast.BinOp(left=b, op=inner, right=c)):
            yield ast.BinOp(ast.BinOp(a, outer, b), inner, c)
    match node:
        case ast.BinOp(left=ast.BinOp(left=a, op=inner, right=b), op=outer, right=c):
            yield ast.BinOp(a, inner, ast.BinOp(b, outer, c))
            yield ast.BinOp(ast.BinOp(a, outer, c), inner, b)
    yield from _distributed_in_part(node)


def _distributed_in_part(node: ast.AST) -> Changes:
    """A factor or divisor of a sum of three terms, at one or two of them alone."""
    match node:
        case ast.BinOp(
            left=ast.BinOp(
                left=ast.BinOp(left=a, op=ast.Add() | ast.Sub() as plus, right=b),
                op=ast.Add() | ast.Sub() as minus,
                right=c,
            ),
            op=ast.Mult() | ast.Div() as times,
            right=factor,
        ):
            for chosen in ("a", "b", "ab", "ac", "bc"):
                one, two, three = (
                    ast.BinOp(term, times, factor) if name in chosen else term
                    for name, term in zip("abc", (a, b, c), strict=True)
                )
                yield ast.BinOp(ast.BinOp(one, plus, two), minus, three)


def extra_slope(node: ast.AST, _names: Names) -> Changes:
    """The result times y (1 - y), for some y in it: the slope of an activation once too often."""
    match node:
        case ast.Return(value=ast.expr() as value):
            for y in [value, *ast.walk(value)]:
                if isinstance(y, ast.Call | ast.Attribute) and not _is_module(y):
                    text = ast.unparse(y)
                    yield ast.Return(expr(f"({ast.unparse(value)}) * {text} * (1 - {text})"))


def divide_by_slope(node: ast.AST, _names: Names) -> Changes:
    """The result over y (1 - y): the gradient of what comes after the activation."""
    match node:
        case ast.Return(value=ast.expr() as value):
            for y in ast.walk(value):
                if isinstance(y, ast.Call | ast.Attribute) and not _is_module(y):
                    text = ast.unparse(y)
                    yield ast.Return(expr(f"({ast.unparse(value)}) / ({text} * (1 - {text}))"))


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "np"


def other_threshold(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Compare(left=left, ops=ops, comparators=[_]):
            yield ast.Compare(left, ops, [ast.Constant(1.0)])
            yield ast.Compare(left, ops, [ast.Constant(-1.0)])


def other_constant(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            for other in (0, 1, 2, -1, -value, value + 1, value / 2):
                if other != value:
                    yield expr(repr(other))


def drop_call(node: ast.AST, _names: Names) -> Changes:
    match node:
        case ast.Call(args=[argument]) if isinstance(argument, ast.expr):
            yield argument


NEUTRAL = ("0", "1", "2")


def ignore_parameter(node: ast.AST, names: Names) -> Changes:
    """A size, a step or a rate replaced by a fixed number wherever it occurs."""
    if isinstance(node, ast.Module | ast.stmt):
        for text in sorted(loads(node) & set(arrays(names))):
            match names.value(text):
                case bool():
                    yield from (renamed(node, text, other) for other in ("True", "False"))
                case int() | float():
                    yield from (renamed(node, text, other) for other in NEUTRAL)
                case (int(), int()):
                    yield renamed(node, text, "(1, 1)")


MISTAKES = (
    Mistake(
        "parentheses-moved",
        "In which order are the operations of your line carried out?",
        "Look at the parentheses, and at which operation binds more strongly.",
        "The operations are carried out in another order than the formula's.",
        "dx = 1 - t ** 2",
        "dx = (1 - t) ** 2",
        move_parentheses,
    ),
    Mistake(
        "inverse-operation",
        "Does the result grow or shrink with this factor?",
        "Look at where you multiply and where you divide.",
        "A product stands for a quotient, or the other way round.",
        "dx = diff / n",
        "dx = diff * n",
        inverse_operation,
    ),
    Mistake(
        "extra-factor",
        "The chain rule multiplies: is every factor a link of the chain?",
        "Count the factors of your product against the links of the chain.",
        "A factor stands there that does not belong.",
        "return upstream * self.x",
        "return upstream * self.x * self.y",
        extra_factor,
    ),
    Mistake(
        "extra-term",
        "Does every term of your sum come from an effect of the input?",
        "Count the terms of your sum against the ways in which the input has an effect.",
        "A term stands there that does not belong.",
        "return upstream * self.x",
        "return upstream * self.x + self.y",
        extra_term,
    ),
    Mistake(
        "slope-twice",
        "With respect to which variable is the gradient asked: before or after the activation?",
        "Count how often the slope of the activation enters.",
        "The slope of the activation enters although it has cancelled, or enters twice.",
        "return self.y - t",
        "return (self.y - t) * self.y * (1 - self.y)",
        extra_slope,
    ),
    Mistake(
        "before-the-activation",
        "With respect to which variable is the gradient asked: before or after the activation?",
        "Count how often the slope of the activation enters.",
        "This is the gradient of the activation's result, and not of what goes into it.",
        "return self.y - t",
        "return (self.y - t) / (self.y * (1 - self.y))",
        divide_by_slope,
    ),
    Mistake(
        "term-at-another-place",
        "Is it added before the function is applied, or after?",
        "Look at what stands inside of a function and what outside.",
        "A term is added inside of a function that belongs outside, or the other way round.",
        "dx = x / (np.sqrt(s) + eps)",
        "dx = x / np.sqrt(s + eps)",
        move_over_call,
    ),
    Mistake(
        "slope-of-another-function",
        "Whose derivative have you written down?",
        "Compare your slope with the one in the text.",
        "The slope of another function stands where this one's belongs.",
        "return upstream * (1 - self.y)",
        "return upstream * (1 - self.y ** 2)",
        slope_of_another,
    ),
    Mistake(
        "power-wrong",
        "What does the power rule do to the exponent?",
        "Look at the exponents.",
        "An exponent is wrong.",
        "dx = 1 - t ** 2",
        "dx = 1 - t",
        other_power,
    ),
    Mistake(
        "threshold-moved",
        "At which value does the function change its behaviour?",
        "Look at the number that you compare with.",
        "The comparison is with the wrong value.",
        "dx = upstream * (x > 0)",
        "dx = upstream * (x > 1.0)",
        other_threshold,
    ),
    Mistake(
        "function-extra",
        "Which functions does the formula apply?",
        "Look for a logarithm or an exponential too many.",
        "A function is applied that does not belong.",
        "dx = self.x - y",
        "dx = np.log(self.x) - y",
        apply_function,
    ),
    Mistake(
        "constant-wrong",
        "Where does each number in your formula come from?",
        "Look at the constants.",
        "A constant is wrong.",
        "dx = 1 - y",
        "dx = 0 - y",
        other_constant,
    ),
    Mistake(
        "call-missing",
        "Is every function of the formula applied?",
        "Look for a function that the formula applies and your code does not.",
        "A function was not applied.",
        "p = np.exp(z)",
        "p = z",
        drop_call,
    ),
    Mistake(
        "other-extremum",
        "Is it the largest or the smallest that counts?",
        "Look for a minimum or a maximum.",
        "A minimum stands for a maximum, or the other way round.",
        "dx = self.x.argmax()",
        "dx = self.x.argmin()",
        other_extremum,
    ),
    Mistake(
        "parameter-ignored",
        "Does your answer change as it should when the parameter does?",
        "Go through the parameters of the constructor: where does each of them enter?",
        "A parameter or a size does not enter, as if it had a fixed value.",
        "n = 3\ndx = upstream[::n]",
        "n = 3\ndx = upstream[::1]",
        ignore_parameter,
    ),
)
