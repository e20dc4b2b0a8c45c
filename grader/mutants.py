"""Mistakes students make, as changes to the reference: one mistake, made once, anywhere it fits.

A Mistake is a rule on syntax trees with the words for the student who made it. mutants() applies
every rule at every place of a stub's body, and at all places that look alike; some also in forward,
for backward's eyes only. Which
of the results compute something else, and what, is found by running them on the cases
(suspects.py). Nothing here knows an exercise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass
from functools import cached_property
from textwrap import indent
from typing import Any

from grader.scope import Names

Change = Callable[[ast.AST, Names], Iterator[ast.AST | None]]  # None drops the node
Observe = Callable[[str, str], Mapping[str, Any]]
Definition = ast.ClassDef | ast.FunctionDef


@dataclass(frozen=True)
class Mistake:
    """A misconception: change must be able to turn before into after; a test holds it to that.

    nudge, place and nature are the three levels of its hint: a question, where to look, and what
    kind of mistake it is. None of them says what the right formula is.

    in_forward: the change is made in forward, but only in what it leaves for backward, as when
        backward computes an intermediate result anew; its output stays right
    """

    name: str
    nudge: str
    place: str
    nature: str
    before: str
    after: str
    change: Change
    in_forward: bool = False


@dataclass(frozen=True)
class Mutant:
    """A definition of the reference with one mistake in it, under a name of its own.

    line: of the reference page
    before, after: the changed expression or statement, the first of them
    places: how many were changed, all in the same way
    """

    name: str
    mistake: Mistake
    line: int
    before: str
    after: str
    source: str
    places: int = 1

    @property
    def is_single_term(self) -> bool:
        """Say whether a sum was reduced to one of its terms."""
        if self.places > 1:
            return False
        match ast.parse(self.after).body:
            case [ast.Expr(value=ast.BinOp(op=ast.Add() | ast.Sub()))]:
                return False
        return self.mistake.change.__name__ == "drop_term"


def mutants(
    page: str, name: str, mistakes: Sequence[Mistake], observe: Observe | None = None
) -> Iterator[Mutant]:
    """Yield the page's definition of name with each mistake at each place of its stub.

    Two rules that lead to the same text give one mutant, named by the first.

    observe: given a source and the name of a function in it, runs it and tells what its variables
        hold at its end; with it, names are exchanged only for what is of their shape
    """
    subject = _Subject(_definition(page, name))
    scope = observe(subject.with_method(""), subject.stub.name) if observe else {}
    names = Names(_names(subject.definition, subject.stub), scope)
    seen = {ast.unparse(subject.stub), ast.unparse(subject.wrong) if subject.wrong else ""}
    for mistake in mistakes:
        slips = [
            _Slip(place, replacement, number)
            for place in subject.places(mistake.in_forward)
            for number, replacement in enumerate(mistake.change(place.node, names))
        ]
        for made in (*((slip,) for slip in slips), *_repeated(slips)):
            text = _replaced(made)
            if text not in seen:
                seen.add(text)
                new = f"{name}_{len(seen)}"
                source = _renamed(subject.with_method(text), new)
                first = made[0]
                yield Mutant(
                    new, mistake, first.place.line, first.before, first.after, source, len(made)
                )


class _Subject:
    """A definition of the page, and the text of all that its mutants have in common.

    wrong: a second forward, whose changes only backward gets to see; None where backward uses
        nothing that forward computes
    """

    def __init__(self, definition: Definition) -> None:
        self.definition, self.stub = definition, _stub(definition)
        self.wrong: ast.FunctionDef | None = None
        self._rest = ""
        if isinstance(definition, ast.ClassDef):
            self.wrong = _keep_forward(definition, self.stub)
            rest = copy(definition)
            rest.body = [node for node in definition.body if node is not self.stub] or [ast.Pass()]
            self._rest = ast.unparse(rest)
        self._stub_text = ast.unparse(self.stub)
        self._places = {False: list(_places(self.stub)), True: []}
        if self.wrong:
            self._places[True] = list(_places(self.wrong))

    def places(self, in_forward: bool) -> Sequence[_Place]:
        return self._places[in_forward]

    def with_method(self, text: str) -> str:
        """The whole definition, with a changed stub or wrong_forward, or as it is."""
        if not self._rest:
            return text or self._stub_text
        is_stub = text.startswith(f"def {self.stub.name}(")
        methods = [text or self._stub_text] if is_stub or not text else [self._stub_text, text]
        return "\n".join([self._rest, *(indent(one, "    ") for one in methods)])


def _definition(page: str, name: str) -> Definition:
    return next(
        deepcopy(node)
        for node in ast.parse(page).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name
    )


def _stub(definition: Definition) -> ast.FunctionDef:
    if isinstance(definition, ast.FunctionDef):
        return definition
    return next(
        node
        for node in definition.body
        if isinstance(node, ast.FunctionDef) and node.name in ("backward", "step")
    )


def _keep_forward(definition: ast.ClassDef, stub: ast.FunctionDef) -> ast.FunctionDef | None:
    """Let forward remember what a student's may keep: its arguments, its result, and the result
    of applying it twice, where that can be done. Returns what may become wrong_forward."""
    for method in list(definition.body):
        is_static = bool(getattr(method, "decorator_list", ()))  # and has no self to keep it on
        if isinstance(method, ast.FunctionDef) and method.name == "forward" and not is_static:
            cached = sorted(_attributes(stub, ast.Load) & _attributes(method, ast.Store))
            wrong = deepcopy(method)
            arguments = [one.arg for one in method.args.args[1:]]
            method.name, wrong.name = "plain_forward", "wrong_forward"
            definition.body += ast.parse(
                _FORWARD.format(
                    signature=ast.unparse(method.args),
                    arguments=", ".join(arguments),
                    others=", ".join(f"self.kept_{one}" for one in arguments[1:]),
                    keep="; ".join(f"self.kept_{one} = {one}" for one in arguments),
                    cached=cached,
                )
            ).body
            return wrong if cached else None
    return None


_FORWARD = """
def forward({signature}):
    {keep}
    vars(self).pop("kept_twice", None)
    other = __import__("copy").deepcopy(self) if hasattr(type(self), "wrong_forward") else None
    self.kept_out = self.plain_forward({arguments})
    if other:
        other.wrong_forward({arguments})
        vars(self).update((name, one) for name, one in vars(other).items() if name in {cached})
    return self.kept_out

def __getattr__(self, name):
    if name != "kept_twice":
        raise AttributeError(name)
    again = __import__("copy").deepcopy(self)
    self.kept_twice = again.plain_forward(self.kept_out, {others})
    return self.kept_twice
"""


def _attributes(method: ast.AST, context: type[ast.expr_context]) -> set[str]:
    """Names of the attributes of self that the method reads, or sets."""
    return {
        node.attr
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "self"
        and isinstance(node.ctx, context)
    }


def _names(definition: Definition, stub: ast.FunctionDef) -> Sequence[str]:
    arguments = [one.arg for one in stub.args.args if one.arg != "self"]
    stored = [
        node.id
        for node in ast.walk(stub)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    attributes = _attributes(definition, ast.expr_context) - {stub.name, "plain_forward"}
    defaults = [
        ast.unparse(default)
        for node in ast.walk(definition)
        if isinstance(node, ast.FunctionDef)
        for default in node.args.defaults
        if isinstance(default, ast.Constant) and isinstance(default.value, float)
    ]
    return sorted({*arguments, *stored, *(f"self.{one}" for one in attributes), *defaults})


@dataclass(frozen=True)
class _Place:
    """A node, and where it hangs: root is the method that it is in."""

    root: ast.FunctionDef
    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    line: int


def _places(root: ast.FunctionDef) -> Iterator[_Place]:
    """The body as a whole, then every statement and expression in it, without the docstring."""
    statements = [node for node in root.body if not _is_docstring(node)]
    body = ast.Module(statements, [])
    yield _Place(root, root, "body", None, body, root.lineno)
    for statement in statements:
        at = root.body.index(statement)
        yield _Place(root, root, "body", at, statement, statement.lineno)
        yield from _inside(root, statement)


def _inside(root: ast.FunctionDef, node: ast.AST) -> Iterator[_Place]:
    for field, value in ast.iter_fields(node):
        children = enumerate(value) if isinstance(value, list) else [(None, value)]
        for index, child in children:
            if isinstance(child, ast.expr | ast.stmt):
                yield _Place(root, node, field, index, child, child.lineno)
                yield from _inside(root, child)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@dataclass(frozen=True)
class _Slip:
    """A node with another one in its place.

    number: of the replacement among those of its rule
    """

    place: _Place
    replacement: ast.AST | None
    number: int

    @cached_property
    def before(self) -> str:
        return ast.unparse(self.place.node)

    @cached_property
    def after(self) -> str:
        if self.replacement is None:
            return ""
        return ast.unparse(ast.fix_missing_locations(self.replacement))


def _repeated(slips: Sequence[_Slip]) -> Iterator[tuple[_Slip, ...]]:
    """Slips that are the same, but perhaps for names: who makes one of them makes the others."""
    groups: dict[tuple[Any, ...], list[_Slip]] = {}
    for slip in slips:
        is_telling = isinstance(slip.place.node, ast.BinOp | ast.Call | ast.Subscript)
        if is_telling and slip.replacement:
            forms = _form(slip.before), _form(slip.after), slip.number
            for alike in ((slip.before, slip.after), forms, (type(slip.place.parent), *forms)):
                groups.setdefault(alike, []).append(slip)
    for group in groups.values():
        if len(group) > 1 and not _are_nested([slip.place.node for slip in group]):
            yield tuple(group)


def _form(text: str) -> str:
    """The text without its names, but for those of functions."""
    return re.sub(r"[A-Za-z_][\w.]*\b(?!\()", "_", text)


def _are_nested(nodes: Sequence[ast.AST]) -> bool:
    below = {id(inner) for node in nodes for inner in ast.walk(node) if inner is not node}
    return any(id(node) in below for node in nodes)


def _replaced(slips: Sequence[_Slip]) -> str:
    """The text of the method that they are in; the tree is as before afterwards."""
    old = [_put(slip.place, slip.replacement) for slip in slips]
    try:
        return ast.unparse(slips[0].place.root)
    finally:
        for slip, value in reversed(list(zip(slips, old, strict=True))):
            setattr(slip.place.parent, slip.place.field, value)


def _put(place: _Place, replacement: ast.AST | None) -> Any:
    """Exchange the node; returns what its parent held."""
    old = getattr(place.parent, place.field)
    if replacement:
        ast.fix_missing_locations(replacement)
    setattr(place.parent, place.field, _exchanged(old, place.index, replacement))
    return old


def _exchanged(old: Any, index: int | None, replacement: ast.AST | None) -> Any:
    """A Module stands for its statements."""
    many = replacement.body if isinstance(replacement, ast.Module) else [replacement]
    if index is None:
        return many or [ast.Pass()] if isinstance(replacement, ast.Module) else replacement
    middle = many if replacement else []
    return [*old[:index], *middle, *old[index + 1 :]] or [ast.Pass()]


def _renamed(text: str, name: str) -> str:
    """The definition, as ast.unparse writes it, under another name."""
    return re.sub(r"^(class|def) \w+", rf"\1 {name}", text, count=1, flags=re.MULTILINE)
