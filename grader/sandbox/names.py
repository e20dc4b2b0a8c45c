"""Which names a top-level statement binds, uses and touches. Worker side only.

Binding and use are read from the bytecode: walrus, match, del, global, comprehensions and scopes
are then the compiler's business. Touching (`Affine.backward = f`, `setattr(Affine, ...)`,
`TABLE.update(...)`) leaves no trace there that says so, and is read from the syntax.
"""

from __future__ import annotations

import ast
import dis
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import CodeType

_LOADS = {"LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}
_LOCAL_STORES = {"STORE_NAME", "DELETE_NAME"}
_GLOBAL_STORES = {"STORE_GLOBAL", "DELETE_GLOBAL"}
_EXTENDED = dis.opmap["EXTENDED_ARG"]
_GLOBAL = dis.opmap["LOAD_GLOBAL"]
_MEANING = {
    dis.opmap[name]: meaning
    for meaning, group in (("load", _LOADS), ("store", _LOCAL_STORES), ("global", _GLOBAL_STORES))
    for name in group
    if name in dis.opmap
}
_SETTINGS = ("setrecursionlimit", "set_default_")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class Names:
    binds: frozenset[str]
    uses: frozenset[str]
    touches: frozenset[str]  # whose attributes or entries are set
    calls: frozenset[str]  # whose methods are called for their effect
    sets_globals: frozenset[str]  # or fills them, by functions that are defined here
    hands: frozenset[str]  # given to a function that is called for its effect
    to: frozenset[str]  # that function
    decorators: frozenset[str]  # of what is defined here
    has_star: bool
    is_setting: bool  # of a library or of Python, which holds for all that follows


def of(code: CodeType, node: ast.stmt) -> Names:
    binds, uses, sets = set[str](), set[str](), set[str]()
    for meaning, name in _operations(code):
        (uses if meaning == "load" else binds).add(name)
    for inner in _inner(code):
        own = set[str]()  # names of a class body, once they are bound there
        for meaning, name in _operations(inner):
            if meaning != "load":
                (own if meaning == "store" else sets).add(name)
            elif name not in own:
                uses.add(name)
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    touches, calls, has_star = _patched(node), set[str](), False
    for part in _walk(node):
        touches |= _touched(part)
        calls |= _called(part)
        has_star |= isinstance(part, ast.ImportFrom) and part.names[0].name == "*"
    binds |= set() if is_function else sets
    sets |= _filled(node) if is_function else set()
    hands, to = _handed(node)
    groups = {"binds": binds, "uses": uses, "touches": touches, "calls": calls}
    groups |= {"sets_globals": sets, "hands": hands, "to": to, "decorators": _decorators(node)}
    frozen = {name: frozenset(group) for name, group in groups.items()}
    return Names(**frozen, has_star=has_star, is_setting=_is_setting(node))


def extended(names: Names, more: frozenset[str]) -> Names:
    return replace(names, binds=names.binds | more)


def _operations(code: CodeType) -> Iterator[tuple[str, str]]:
    raw, names, prefix = code.co_code, code.co_names, 0
    for op, byte in zip(raw[::2], raw[1::2], strict=True):
        argument = prefix << 8 | byte
        prefix = argument if op == _EXTENDED else 0
        if (meaning := _MEANING.get(op)) is not None:
            yield meaning, names[argument >> 1 if op == _GLOBAL else argument]


def _inner(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _inner(constant)


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """What runs when the statement runs: the insides of functions and classes do not count."""
    yield node
    if not isinstance(node, _SCOPES):
        for child in ast.iter_child_nodes(node):
            yield from _walk(child)


def _touched(part: ast.AST) -> set[str]:
    match part:
        case (
            ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del())
        ):
            return _root(part)
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[target, *_]):
            return _root(target)
        case ast.For(target=ast.Name(id=each), iter=several, body=body):
            inside = [_touched(one) for statement in body for one in _walk(statement)]
            return _loads(several) if each in set().union(*inside) else set()
    return set()


def _patched(node: ast.stmt) -> set[str]:
    """What a decorator may change: `@patch_to(ReLU)`, `@table.register`, `@patch` on a function
    whose first argument is annotated."""
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return set()
    annotations = [one.annotation for one in node.args.args[:1] if one.annotation]
    calls = [one for one in node.decorator_list if isinstance(one, ast.Call)]
    given = [argument for call in calls for argument in call.args]
    owners = [one for one in node.decorator_list if isinstance(one, ast.Attribute)]
    parts = [*given, *owners, *(annotations if node.decorator_list else [])]
    return set().union(*map(_loads, parts))


def _decorators(node: ast.stmt) -> set[str]:
    listed = getattr(node, "decorator_list", [])
    return set().union(*map(_loads, listed))


def _filled(node: ast.AST) -> set[str]:
    """Names whose entries are set somewhere inside a function."""
    return {
        name
        for part in ast.walk(node)
        if isinstance(part, ast.Subscript) and isinstance(part.ctx, ast.Store)
        for name in _root(part)
    }


def _handed(node: ast.stmt) -> tuple[set[str], set[str]]:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=function), args=given)):
            return {one.id for one in given if isinstance(one, ast.Name)}, {function}
    return set(), set()


def _is_setting(node: ast.stmt) -> bool:
    """torch.set_default_dtype(...), sys.setrecursionlimit(...)"""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=name))):
            return name.startswith(_SETTINGS)
    return False


def _loads(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _called(part: ast.AST) -> set[str]:
    match part:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=owner))):
            return _root(owner)
    return set()


def _root(node: ast.expr) -> set[str]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return {node.id} if isinstance(node, ast.Name) else set()
