from pathlib import Path

import pytest

from grader.assignment import find, load
from grader.errors import AuthorError, UsageError

REFERENCE = Path(__file__).parent.parent / "reference"

PAGE = '''# %% [markdown]
# # A page

# %%
class Square:
    def forward(self, x):
        self.x = x
        return x * x

    def backward(self, upstream):
        """Return dx."""
        return 2 * self.x * upstream

# %% tags=["grader"]
from grader.exercise import STANDARD, Exercise, Uniform, Variation

EXERCISES = (
    Exercise(
        name="Square",
        kind="layer",
        points={"dx": 3},
        inputs={"x": Uniform("batch units")},
        output=Uniform("batch units"),
        variations=STANDARD,
    ),
)
'''


def _page(folder, text):
    path = folder / "page.py"
    path.write_text(text)
    return path


def test_a_page_gives_its_title_its_exercises_and_its_names(tmp_path):
    page = load(_page(tmp_path, PAGE))
    assert (page.slug, page.title, page.max_score) == ("page", "A page", 3)
    assert [exercise.name for exercise in page.exercises] == ["Square"]
    assert page.namespace["Square"]().forward(3) == 9
    assert page.source == PAGE


def test_the_pages_of_a_folder_are_found(tmp_path):
    for name in ("b.py", "a.py", "_draft.py", "notes.md"):
        (tmp_path / name).touch()
    assert find(tmp_path) == ["a", "b"]


def test_our_own_pages_are_found():
    assert {"layers", "losses"} <= set(find(REFERENCE))


def test_an_edit_within_the_same_second_is_seen(tmp_path):
    load(_page(tmp_path, PAGE))
    assert load(_page(tmp_path, PAGE.replace('"dx": 3', '"dx": 5'))).max_score == 5


def test_a_page_leaves_no_files_behind(tmp_path):
    load(_page(tmp_path, PAGE))
    assert [path.name for path in tmp_path.iterdir()] == ["page.py"]


def test_an_unknown_page_is_a_usage_error_that_names_those_that_exist(tmp_path):
    _page(tmp_path, PAGE)
    with pytest.raises(UsageError, match=r"no reference page pgae.py .* there are: page"):
        load(tmp_path / "pgae.py")


CONTRADICTIONS = {
    "no exercises": ("EXERCISES = ", "E = ", 'End the page with a cell "# %% tags='),
    "exercises are a list": ("EXERCISES = (", "EXERCISES = [] and (", "must be a tuple"),
    "an exercise is a name": ("EXERCISES = (", "EXERCISES = ('Square',", "must be an Exercise"),
    "points of a half": ('"dx": 3', '"dx": 0.5', "points of dx are 0.5. Make them a whole number"),
    "points true": ('"dx": 3', '"dx": True', "whole number above 0"),
    "no points for an array": ('"dx": 3', '"dx": 0', "whole number above 0"),
    "no points at all": ('{"dx": 3}', "{}", "Give each array that is checked some"),
    "points for what is not there": ('"dx": 3', '"dW": 3', "no input or parameter W"),
    "a name that does not exist": ('name="Square"', 'name="Sqare"', "defines nothing of that name"),
    "an unknown kind": ('"layer"', '"layr"', 'no kind "layr"; there are: layer'),
    "a class for a function": ('"layer"', '"function"', "the page defines a class"),
    "an axis without a size": (
        'x": Uniform("batch units")',
        'x": Uniform("batch unit")',
        "axis 'unit' has no size",
    ),
    "a variation of what is not there": (
        "=STANDARD",
        '=(Variation("v", draws={"y": Uniform("batch")}),)',
        'variation "v": draws y',
    ),
    "unknown calls": ("=STANDARD", '=(Variation("v", calls="thrice"),)', 'no calls "thrice"'),
    "two variations of one name": ("=STANDARD", '=(Variation("v"),) * 2', 'are called "v"'),
    "a witness of nothing": ("EXERCISES =", 'WITNESSES = {"f": 1}\nEXERCISES =', "names f"),
    "no title": ("# # A page", "# A page", "begin with a markdown cell"),
    "a page that raises": ("class Square:", "1 / 0\nclass Square:", "line 5: ZeroDivisionError"),
    "a page that is no Python": ("class Square:", "class Square", "page.py line 5: SyntaxError"),
}


@pytest.mark.parametrize(("old", "new", "says"), CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_a_page_that_contradicts_itself_says_what_to_do(tmp_path, old, new, says):
    assert old in PAGE
    with pytest.raises(AuthorError) as caught:
        load(_page(tmp_path, PAGE.replace(old, new)))
    assert says in str(caught.value)


def test_an_exercise_listed_twice_is_refused(tmp_path):
    text = PAGE + "\nEXERCISES = EXERCISES * 2\n"
    with pytest.raises(AuthorError, match="Square is in EXERCISES twice"):
        load(_page(tmp_path, text))
