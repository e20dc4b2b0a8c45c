import ast
import json
import warnings
from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pytest

from grader.assignment import load
from grader.errors import AuthorError
from grader.exercise import PUBLIC, from_json
from grader.kinds import KINDS
from grader.template import STUBS, build, given_cells, stale

ROOT = Path(__file__).parent.parent
PAGES = [load(ROOT / "reference" / f"{slug}.py") for slug in ("layers", "losses")]
EXERCISES = [
    pytest.param(page, exercise, id=exercise.name) for page in PAGES for exercise in page.exercises
]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)


@pytest.fixture
def built(page, tmp_path):
    build(page, tmp_path)
    return tmp_path


def _notebook(page, folder):
    return nbformat.read(folder / f"{page.slug}.ipynb", as_version=4)


def _solution(page, exercise):
    """The lines of a stub's body in the page, docstring left out, comments included."""
    wanted = STUBS[exercise.kind] or exercise.name
    for node in ast.parse(page.source).body:
        if getattr(node, "name", "") == exercise.name:
            stub = next(each for each in [node, *node.body] if getattr(each, "name", "") == wanted)
            lines = page.source.split("\n")[stub.body[0].end_lineno : stub.end_lineno]
            return [line.strip() for line in lines]
    raise AssertionError(exercise.name)


@pytest.mark.parametrize(("page", "exercise"), EXERCISES)
def test_no_line_of_a_solution_is_left(page, exercise, built):
    solution = _solution(page, exercise)
    assert solution
    given = page.source.replace("\n".join(solution), "")
    for line in solution:
        given = given.replace(f"{line}\n", "", 1)
    everything = "".join(path.read_text() for path in built.iterdir())
    for line in solution:
        assert len(line) < 8 or line in given or json.dumps(line)[1:-1] not in everything, line


@pytest.mark.parametrize(("page", "exercise"), EXERCISES)
def test_a_stub_raises_not_implemented(page, exercise):
    namespace = {}
    for cell in given_cells(page):
        if cell.runs:
            exec(cell.source, namespace)
    with pytest.raises(NotImplementedError):
        KINDS[exercise.kind].play(namespace, exercise.name, exercise.case(0, PUBLIC))


@pytest.mark.parametrize(("page", "exercise"), EXERCISES)
def test_a_stub_keeps_its_docstring_and_nothing_else(page, exercise):
    (source,) = (
        cell.source
        for cell in given_cells(page)
        if cell.role == "solution" and cell.exercise is exercise
    )
    (node,) = ast.parse(source).body
    wanted = STUBS[exercise.kind] or exercise.name
    stub = next(each for each in [node, *node.body] if getattr(each, "name", "") == wanted)
    assert [type(statement) for statement in stub.body] == [ast.Expr, ast.Raise]
    assert ast.get_docstring(stub)


@each_page
def test_the_cells_of_the_page_are_kept_byte_for_byte(page):
    for cell in given_cells(page):
        if cell.kind == "code" and cell.runs and cell.role != "solution":
            assert cell.source in page.source


@each_page
def test_the_notebook_is_valid_and_carries_nothing_that_ran(page, built):
    notebook = _notebook(page, built)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert notebook.metadata.grader == {"assignment": page.slug, "version": 1}
    assert {key for cell in notebook.cells for key in cell.metadata} == {
        "deletable",
        "editable",
        "nbgrader",
        "tags",
    }


@each_page
def test_only_a_figure_may_fail_without_stopping_what_follows(page, built):
    for cell, given in zip(_notebook(page, built).cells, given_cells(page), strict=True):
        may_fail = cell.metadata.get("tags", []) == ["raises-exception"]
        shows = given.kind == "code" and not given.runs and given.role == "read-only"
        assert may_fail == shows


@each_page
def test_the_cells_for_the_grader_are_gone(page, built):
    everything = "".join(path.read_text() for path in built.iterdir())
    assert "EXERCISES" not in everything
    assert "WITNESSES" not in everything


@each_page
def test_every_exercise_is_followed_by_its_check(page):
    cells = [cell for cell in given_cells(page) if cell.kind == "code"]
    for cell, following in pairwise(cells):
        if cell.role == "solution":
            assert (following.role, following.exercise) == ("test", cell.exercise)
    assert cells[-1].source == "check()"


@each_page
def test_nbgrader_accepts_the_metadata_and_finds_the_same_checksums(page, built):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbgrader's own use of traitlets and jupyter_core
        validator = pytest.importorskip("nbgrader.nbgraderformat").MetadataValidator
        from nbgrader.utils import compute_checksum

        notebook = _notebook(page, built)
        validator().validate_nb(notebook)
    for cell in notebook.cells:
        assert cell.metadata.nbgrader.checksum == compute_checksum(cell)


@each_page
def test_the_points_of_the_test_cells_are_those_of_the_exercises(page, built):
    points = {
        cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader.points
        for cell in _notebook(page, built).cells
        if cell.metadata.nbgrader.grade
    }
    assert points == {f"test_{one.name}": one.max_score for one in page.exercises}


@each_page
def test_building_twice_gives_the_same_bytes(page, built, tmp_path_factory):
    again = tmp_path_factory.mktemp("again")
    build(page, again)
    for path in built.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


@each_page
def test_what_was_just_built_is_not_stale(page, built):
    assert stale(page, built) == []


@each_page
def test_a_changed_byte_is_stale(page, built):
    path = built / f"{page.slug}.ipynb"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)
    assert stale(page, built) == [path.name]


@pytest.mark.parametrize("page", PAGES[:1], ids=["layers"])
@pytest.mark.parametrize(
    ("relative", "is_stale"), [(1e-4, True), (1e-12, False)], ids=["changed", "another machine"]
)
def test_published_answers_are_the_same_but_for_rounding(page, built, relative, is_stale):
    path = built / "exercises.json"
    content = json.loads(path.read_text())
    numbers = content["published"]["Affine"][0]["expected"]["dW"]["array"][0]
    numbers[0] *= 1 + relative
    path.write_text(json.dumps(content))
    assert stale(page, built) == (["exercises.json"] if is_stale else [])


@pytest.mark.parametrize("page", PAGES[:1], ids=["layers"])
@pytest.mark.parametrize("damage", [("layers", "lairs"), ('"points"', '"pints"'), ("{", "")])
def test_other_exercises_are_stale(page, built, damage):
    path = built / "exercises.json"
    path.write_text(path.read_text().replace(*damage, 1))
    assert stale(page, built) == ["exercises.json"]


@each_page
def test_the_file_of_exercises_holds_no_code(page, built):
    text = (built / "exercises.json").read_text()
    assert "def " not in text and "import " not in text


@each_page
def test_a_missing_file_is_stale(page, built):
    (built / "exercises.json").unlink()
    assert stale(page, built) == ["exercises.json"]


@each_page
def test_the_folder_in_the_repository_is_up_to_date(page):
    assert stale(page, ROOT / "assignments" / page.slug) == []


@pytest.mark.parametrize(("page", "exercise"), EXERCISES)
def test_the_cases_can_be_drawn_again_from_exercises_json(page, exercise, built):
    fields = json.loads((built / "exercises.json").read_text())["exercises"]
    (again,) = (from_json(one) for one in fields if one["name"] == exercise.name)
    assert again == exercise
    for number in range(len(exercise.variations)):
        first, second = exercise.case(number, "secret"), again.case(number, "secret")
        assert first.name == second.name
        np.testing.assert_equal(dict(first.inputs), dict(second.inputs))


PAGE = '''# %% [markdown]
# # A page

# %%
class Square:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, upstream):
        """Return dx."""
        # the chain rule
        return 2 * self.x * upstream
        # secret trailing comment

    def __repr__(self):
        return "Square()"

# %% tags=["active-ipynb"]
# check(Square)

# %% tags=["grader"]
from grader.exercise import Exercise, Uniform

EXERCISES = (
    Exercise(
        name="Square",
        kind="layer",
        points={"dx": 3},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
    ),
)
'''


def _given(folder, text):
    path = folder / "page.py"
    path.write_text(text)
    return given_cells(load(path))


def test_comments_of_the_solution_go_and_what_follows_stays(tmp_path):
    (cell,) = (one for one in _given(tmp_path, PAGE) if one.role == "solution")
    assert cell.source.endswith(
        '        """Return dx."""\n'
        "        # BEGIN SOLUTION: your code in place of the next line\n"
        "        raise NotImplementedError\n"
        "        # END SOLUTION\n"
        "\n"
        "    def __repr__(self):\n"
        '        return "Square()"'
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("# check(Square)", "# pass", "Square needs a cell check(Square), once; found 0"),
        ('        """Return dx."""\n', "", "give backward a docstring"),
        ("class Square:", "other = 1\nclass Square:", "must be alone in its cell"),
        ("def backward", "def backwards", "does not define its backward"),
    ],
)
def test_a_page_that_makes_no_template_says_what_to_do(tmp_path, old, new, says):
    assert old in PAGE
    with pytest.raises(AuthorError) as caught:
        _given(tmp_path, PAGE.replace(old, new))
    assert says in str(caught.value)
