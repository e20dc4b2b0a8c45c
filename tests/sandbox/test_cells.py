"""Which statements of a notebook are run for an exercise, and what is said when that fails.

The cells here are harmless and run in the test's own process.
"""

import sys

import pytest

from grader.sandbox import cells, failure


@pytest.fixture(autouse=True)
def _main_stays(monkeypatch):
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


def load(*sources, name="f"):
    labelled = [(f"cell {number}", source) for number, source in enumerate(sources, 1)]
    return cells.load(cells.read(labelled), name)


def value(*sources):
    return load(*sources).names["f"]()


GIVES_3 = {
    "a function": ["def f(): return 3"],
    "a name of another cell": ["n = 3", "def f(): return n"],
    "names through names": ["a = 1", "b = a + 1", "def g(): return b", "def f(): return g() + 1"],
    "the last definition": ["def f(): return 1", "def f(): return 3"],
    "an import": ["import math as m", "def f(): return m.floor(3.5)"],
    "a dotted import": ["import os.path", "def f(): return len(os.path.join('a', 'b'))"],
    "a star import": ["from math import *", "def f(): return floor(3.5)"],
    "an assigned function": ["g = lambda: 3", "f = g"],
    "a tuple": ["a, (b, *c) = 1, (2, 3)", "def f(): return c[0]"],
    "augmented": ["n = 1", "n += 2", "def f(): return n"],
    "annotated": ["n: int = 3", "def f(): return n"],
    "walrus": ["print('', end='') if (n := 3) else 0", "def f(): return n"],
    "walrus in a comprehension": ["[last := i for i in range(4)]", "def f(): return last"],
    "a loop": ["t = []\nfor i in range(3):\n    t.append(i)", "def f(): return len(t)"],
    "a loop's variable": ["for i in range(4): pass", "def f(): return i"],
    "a condition": ["if True:\n    def f(): return 3\nelse:\n    def f(): return 4"],
    "try": ["try:\n    import nothing as n\nexcept ImportError:\n    n = 3", "def f(): return n"],
    "with": [
        "import contextlib\nwith contextlib.nullcontext(3) as n:\n    pass",
        "def f(): return n",
    ],
    "match": ["match [1, 3]:\n    case [_, n]:\n        pass", "def f(): return n"],
    "while": ["n = 0\nwhile n < 3:\n    n += 1", "def f(): return n"],
    "del": ["n = 3\nm = 4\ndel m", "def f(): return n"],
    "global": ["def put():\n    global n\n    n = 3", "put()", "def f(): return n"],
    "a decorator": ["def twice(g): return lambda: 2 * g()", "@twice\ndef f(): return 1.5"],
    "a default": ["n = 3", "def f(m=n): return m"],
    "a base class": ["class A:\n    def __call__(self): return 3", "class F(A): pass", "f = F()"],
    "a metaclass": ["class M(type): n = 3", "class A(metaclass=M): pass", "def f(): return A.n"],
    "an attribute set later": ["class A: pass", "A.n = 3", "def f(): return A.n"],
    "an attribute set by setattr": ["class A: pass", "setattr(A, 'n', 3)", "def f(): return A.n"],
    "an attribute set in a loop": [
        "class A: pass",
        "for name in 'ab': setattr(A, name, 3)",
        "def f(): return A.b",
    ],
    "an entry": ["t = {}", "t['n'] = 3", "def f(): return t['n']"],
    "a call that fills a table": ["t = {}", "t.update(n=3)", "def f(): return t['n']"],
    "top-level await": ["import asyncio", "n = await asyncio.sleep(0, 3)", "def f(): return n"],
    "async for": [
        "async def g():\n    yield 3",
        "async for n in g(): pass",
        "def f(): return n",
    ],
    "cells in another order": ["def f(): return n", "n = m + 1", "m = 2"],
    "a patch before its class": ["A.n = 3", "class A: n = 1", "def f(): return A.n"],
    "a use before its definition": ["f = g", "def g(): return 3"],
    "a dataclass": [
        "from dataclasses import dataclass",
        "@dataclass\nclass A:\n    n: 'int' = 3",
        "def f(): return A().n",
    ],
    "from __future__": [
        "from __future__ import annotations",
        "def g(x: nothing): return 3",
        "def f(): return g(0)",
    ],
    "main": ["def f(): return 1", "if __name__ == '__main__':\n    def f(): return 3"],
    "a class scope of the same name": ["n = 3", "class A:\n    n = n", "def f(): return A.n"],
    "a broken cell elsewhere": ["def g(:", "def f(): return 3"],
    "a failing statement elsewhere": ["1 / 0", "x = 1 / 0", "def f(): return 3"],
    "a failing import beside": [
        "import math, nothing_of_that_name",
        "def f(): return math.floor(3)",
    ],
    "a magic": ["%matplotlib inline\n!ls\nn = 3", "def f(): return n"],
    "a measured cell": ["%%time\ndef f(): return 3"],
    "semicolons": ["a = 1; b = 2", "def f(): return a + b"],
    "an empty cell": ["", "   \n", "# words", "def f(): return 3"],
    "many names": [f"a{n} = {n}" for n in range(600)] + ["x = 1", "def f(): return a3"],
}


@pytest.mark.parametrize("sources", GIVES_3.values(), ids=GIVES_3)
def test_what_an_exercise_needs_is_run(sources):
    assert value(*sources) == 3


NOT_RUN = {
    "printing": "print(bad)",
    "drawing": "bad.plot()",
    "checking": "check(f)",
    "training": "for epoch in range(10):\n    W = bad(W)",
    "a local name of its own": "x = bad()",
    "an instance": "net = f()\nnet.fit(bad)",
    "asserting": "assert bad",
    "seeding": "import random\nrandom.seed(bad)",
    "a result": "result = check(f, bad)",
    "help": "f?",
}


@pytest.mark.parametrize("cell", NOT_RUN.values(), ids=NOT_RUN)
def test_what_an_exercise_does_not_need_is_not_run(cell):
    loaded = load("def f():\n    x = W = 3\n    return x", cell)
    assert loaded.failures == {}
    assert loaded.names.keys() == {*vars(type(sys)("")), "__builtins__", "f"}


def test_a_name_defined_twice_is_noted():
    loaded = load("x = 1", "def f(): return 1", "", "def f(): return 3")
    assert loaded.notes == ("f is defined twice (cells 2 and 4); the last definition counts",)


def test_a_name_defined_three_times_is_noted():
    loaded = load("def f(): return 1\ndef f(): return 2", "class f: pass")
    assert loaded.notes == ("f is defined 3 times (cells 1 and 2); the last definition counts",)


def test_a_last_definition_that_fails_does_not_leave_an_earlier_one():
    loaded = load("class f: pass", "class f(nothing): pass")
    assert "f" not in loaded.names
    assert loaded.failures["f"]["type"] == "NameError"


def test_a_cell_that_is_no_python_costs_what_it_defines():
    loaded = load("import math", "# two\nclass f:\n    def forward(self:\n        pass")
    assert loaded.failures["f"] == {
        "type": "SyntaxError",
        "message": loaded.failures["f"]["message"],  # in the words of this Python
        "where": "cell 2, line 3",
        "line": 3,
        "source": "def forward(self:",
    }


def test_a_definition_that_cannot_be_read_beside_one_that_can_is_noted():
    loaded = load("def f(): return 3", "def f(:")
    assert loaded.notes == ("cell 2 defines f too, but cannot be read as Python",)


def test_return_outside_a_function_is_a_syntax_error_of_its_statement():
    loaded = load("def f(): return 3\nreturn f")
    assert loaded.names["f"]() == 3


def test_the_failure_of_a_needed_statement_is_kept():
    loaded = load("table = 1 / 0", "def f(): return table")
    assert loaded.failures["table"]["type"] == "ZeroDivisionError"
    assert loaded.failures["table"]["where"] == "cell 1, line 1"


@pytest.mark.parametrize(
    "source", ["x = " + "(" * 5000, "x = " + "-" * 100_000 + "1", "\0", "é\ud800"]
)
def test_a_cell_that_breaks_the_parser_costs_itself_only(source):
    assert value(source, "def f(): return 3") == 3


def told(source, call):
    """What is said when call(f) raises."""
    notebook = cells.read([("cell 5", source)])
    loaded = cells.load(notebook, "f")
    with pytest.raises(Exception) as caught:
        call(loaded.names["f"])
    return failure.raised(caught.value, notebook.sources)


def test_an_exception_is_told_in_the_notebooks_words():
    source = "class f:\n    def backward(self):\n        return self.dx + 1"
    assert told(source, lambda f: f().backward()) == {
        "type": "AttributeError",
        "message": "'f' object has no attribute 'dx'",
        "where": "f.backward, cell 5, line 3",
        "line": 3,
        "source": "return self.dx + 1",
    }


def test_the_innermost_line_of_the_student_counts():
    source = "import json\ndef g(): json.loads('{')\ndef f():\n    g()"
    assert told(source, lambda f: f())["where"] == "g, cell 5, line 2"


def test_a_wrong_number_of_arguments_has_no_line_of_the_student():
    said = told("def f(x): return x", lambda f: f())
    assert (said["where"], said["line"]) == ("", None)


def test_lines_are_those_of_the_cell_as_it_was_written():
    said = told("%matplotlib inline\n!ls\n\ndef f():\n    1 / 0", lambda f: f())
    assert (said["line"], said["source"]) == (5, "1 / 0")


ATTACHED = """
class ReLU:
    def forward(self, x):
        self.x = x
        return x
    def backward(self, upstream):
        raise NotImplementedError
def right(self, upstream):
    return upstream
"""


@pytest.mark.parametrize(
    "source",
    [
        "def fix(cls, f):\n    cls.backward = f\nfix(ReLU, right)",
        "for cls in (ReLU,):\n    cls.backward = right",
        "for cls in [ReLU]:\n    setattr(cls, 'backward', right)",
        "def patch_to(cls):\n    def put(f):\n        setattr(cls, f.__name__, f)\n    return put\n"
        "@patch_to(ReLU)\ndef backward(self, upstream):\n    return upstream",
        "def patch(f):\n    cls = f.__annotations__['self']\n    setattr(cls, f.__name__, f)\n"
        "@patch\ndef backward(self: ReLU, upstream):\n    return upstream",
        "TABLE = {}\ndef slope(name):\n    def put(f):\n        TABLE[name] = f\n        return f\n"
        "    return put\n@slope('relu')\ndef of_relu(upstream):\n    return upstream\n"
        "ReLU.backward = lambda self, upstream: TABLE['relu'](upstream)",
        "import functools\n@functools.singledispatch\ndef back(layer, upstream):\n"
        "    raise TypeError\n"
        "@back.register\ndef _(layer: ReLU, upstream):\n    return upstream\n"
        "ReLU.backward = lambda self, upstream: back(self, upstream)",
    ],
    ids=["call", "loop", "setattr", "patch to", "patch", "table", "dispatch"],
)
def test_a_method_that_is_attached_in_another_way_is_found(source):
    loaded = cells.load(cells.read([("cell 1", ATTACHED + source)]), "ReLU")
    assert loaded.names["ReLU"]().backward(1) == 1


def test_what_sets_something_for_all_that_follows_is_run_though_nothing_names_it():
    limit = sys.getrecursionlimit()
    try:
        load(f"import sys\nsys.setrecursionlimit({limit + 7})", "def f(): pass")
        assert sys.getrecursionlimit() == limit + 7
    finally:
        sys.setrecursionlimit(limit)


def test_a_method_of_that_name_on_a_thing_of_ones_own_is_no_setting():
    loaded = load(
        "class A:\n    def set_default_x(self): raise SystemExit",
        "a = A()\na.set_default_x()",
        "f = 3",
    )
    assert "a" not in loaded.names
