"""What is left of a cell when IPython's own words are taken out, compared with IPython itself."""

import ast
import warnings

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from grader.sandbox import magics

CELLS = {
    "line magic": "%matplotlib inline\nx = 1",
    "magic in a block": "if True:\n    %matplotlib inline\ny = 2",
    "a block with nothing else": "for i in range(3):\n    !echo $i\nz = 1",
    "shell": "!pip install numpy\nimport numpy as np",
    "shell twice": "!!ls\nx = 1",
    "shell over lines": "!ls \\\n  -l \\\n  -a\nx = 1",
    "magic over lines": "%config \\\n  a = 1\nx = 1",
    "assigned shell": "files = !ls *.py\nx = 1",
    "assigned magic": "where = %pwd\nx = 1",
    "assigned to several": "a, b = !ls\nx = 1",
    "assigned to an entry": "a[0] = !ls\nx = 1",
    "assigned to an attribute": "a.b = %pwd\nx = 1",
    "assigned over lines": "a = !ls \\\n  -l\nx = 1",
    "help": "?len\nx = 1",
    "help behind": "len?\nx = 1",
    "source behind": "np.dot??\nx = 1",
    "help on a pattern": "*int*?\nx = 1",
    "help on a magic": "%time?\nx = 1",
    "inside triple quotes": 'text = """\n%not a magic\n!nor shell\nlen?\n"""\n%matplotlib inline',
    "triple quotes end in a magic line": 'text = """a\n%b"""\n!ls',
    "inside single triple quotes": "t = '''\n!x\n'''\n%pwd",
    "a quote in a comment": "# don't\n%pwd\nx = 1",
    "a hash in a text": "s = '#'\n%pwd\nx = 1",
    "an escaped quote": "s = 'it\\'s'\n%pwd\nx = 1",
    "inside brackets": "x = (7\n%3)\n%pwd",
    "inside a list": "x = [\n 5\n % 3,\n]\n!ls",
    "behind a backslash": "x = 7 \\\n% 3\n%pwd",
    "percent as an operator": "x = 7 % 3\n%pwd",
    "not equal": "ok = 1 != 2\n%pwd",
    "a text with a percent": "s = '%d' % 3\n%pwd",
    "indented cell": "    x = 1\n    %pwd\n    y = 2",
    "pasted prompts": ">>> x = 1\n>>> def f():\n...     return 1\n... \n>>> y = 2",
    "numbered prompts": "In [1]: x = 1\nIn [2]: y = 2",
    "empty lines first": "\n\n%pwd\nx = 1",
    "a comment first": "# the cell\n%pwd\nx = 1",
    "a class": "%pwd\nclass A:\n    '''%s'''\n    def f(self):\n        return '!ls'\n",
    "unicode": "é = 1\n%pwd\nx = 'ß'",
    "windows lines": "%pwd\r\nx = 1\r\n",
}


def normal(source):
    """The syntax tree without what calls IPython, and with None where such a call is assigned."""
    tree = ast.parse(source)
    return ast.dump(_Plain().visit(tree))


class _Plain(ast.NodeTransformer):
    def visit_Expr(self, node):
        return None if "get_ipython" in ast.unparse(node) else node

    def visit_Pass(self, node):
        return None

    def visit_Assign(self, node):
        if "get_ipython" in ast.unparse(node.value):
            node.value = ast.Constant(None)
        return node


def by_ipython(source):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return TransformerManager().transform_cell(source)


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_what_is_left_is_what_ipython_leaves(cell):
    assert normal(magics.plain("cell 1", cell)[0]) == normal(by_ipython(cell))


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_lines_keep_their_numbers(cell):
    assert magics.plain("cell 1", cell)[0].count("\n") == cell.count("\n")


LINES = (
    "x = 1",
    "%pwd",
    "!ls 'it",
    "y = !ls",
    "z = %pwd",
    "len?",
    "?len",
    "def f(a):",
    "    return a",
    "    %pwd",
    "    !ls \\",
    "class A:",
    "    b = 2",
    "",
    "# don't (",
    "s = '(' + \"'\"",
    "if x != 1:",
    "    pass",
    "@f",
    "x %= 3",
    "k = f(1)[0] == 2",
)


BLOCKS = (
    "def f(a):\n    %pwd\n    return a",
    "if x:\n    !ls 'it\nelse:\n    y = !ls\n",
    "t = '''\n!no\n%pwd\n'''",
    "t = 'it\\'s' # don't (",
    'u = """%s\n!""" % 1',
    "v = [\n% 3,\n]".replace("[\n", "[4\n"),
    "w = 7 \\\n% 3",
    "!ls \\\n -l",
    'class A:\n    """\n    %pwd\n    """\n    ?len\n',
    "s = '(' + \"'\"",
    "s = r'\\' + f'{x}'",
)
cells = st.lists(st.sampled_from(LINES[:6] + BLOCKS), min_size=1, max_size=9).map("\n".join)
odd_cells = st.lists(st.sampled_from(LINES + BLOCKS), min_size=1, max_size=9).map("\n".join)


@given(cells | odd_cells)
@settings(max_examples=600, deadline=None)
def test_any_mixture_of_lines_is_left_as_ipython_leaves_it(cell):
    transformed = by_ipython(cell)
    event(f"compared: {is_python(transformed) and not is_python(cell)}")
    if is_python(transformed) and not is_python(cell):
        assert normal(magics.plain("cell 1", cell)[0]) == normal(transformed)


@given(st.text(alphabet="ab=%!?'\"\\#()[]{}\n \t.,", max_size=60))
@settings(max_examples=600)
def test_no_text_is_too_odd(cell):
    assert magics.plain("cell 1", cell)[0].count("\n") in (cell.count("\n"), 0)


def is_python(source):
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True


def test_a_hostile_cell_takes_no_time():
    text, _ = magics.plain("cell 1", "len?\n!ls\n" * 30_000 + "x = (")
    assert text.endswith("x = (")


@pytest.mark.parametrize("name", ["time", "timeit", "capture", "prun", "capture out"])
def test_the_body_of_a_measuring_magic_is_kept(name):
    assert magics.plain("cell 1", f"%%{name}\nx = 1") == ("\nx = 1", ())


@pytest.mark.parametrize("name", ["bash", "writefile layers.py", "html", "javascript", "sh"])
def test_a_cell_in_another_language_is_skipped_and_says_so(name):
    first = name.split()[0]
    said = f"cell 3 begins with %%{first} and is not run"
    assert magics.plain("cell 3", f"%%{name}\nx = 1") == ("", (said,))


def test_a_timed_statement_is_run():
    assert magics.plain("cell 1", "%time x = f(3)")[0] == "x = f(3)"


@pytest.mark.parametrize("line", ["!pip install torch", "x = !ls", "  !ls"])
def test_a_shell_command_is_not_run_and_says_so(line):
    _, notes = magics.plain("cell 4", f"if a:\n  b\n  {line.strip()}")
    assert notes == ("cell 4: the grader does not run shell commands",)


def test_a_magic_is_left_out_without_a_word():
    assert magics.plain("cell 1", "%matplotlib inline")[1] == ()
