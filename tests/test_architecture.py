"""Which module may import which. This table is the architecture; the tests keep it true."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "grader"
SKELETONS = PACKAGE / "skeletons"

# places of a mistake: one module of the catalogue for each
NOUNS = (
    *("gates", "indices", "loops", "memory", "names", "operations", "products", "reductions"),
    "terms",
)

MAY_IMPORT: dict[str, set[str]] = {
    # plain data
    "errors": set(),
    "visible": set(),
    "points": set(),
    "graphs": set(),
    "expressions": {"graphs"},
    "exercise": {"expressions", "points"},
    "result": set(),
    "key": {"exercise"},
    # how to call, what a derivative is, how arrays differ
    "libraries": set(),
    "calls.record": {"exercise"},
    "calls.modules": {"calls.record", "exercise"},
    "calls.functions": {"calls.record", "exercise"},
    "calls.optimizers": {"calls.record", "exercise"},
    "calls.benches": {"graphs"},
    "calls.engine": {"calls.benches", "calls.modules", "calls.record", "exercise", "graphs"},
    "calls.training": {
        *("calls.modules", "calls.optimizers", "calls.record", "exercise", "libraries"),
    },
    "calls.autograd": set(),
    "calls.moves": set(),
    "calls.tensors": {
        *("calls.autograd", "calls.moves", "calls.optimizers", "calls.record", "exercise"),
    },
    "calls.torch_functions": {
        *("calls.autograd", "calls.moves", "calls.record", "calls.tensors"),
        *("derivative", "exercise"),
    },
    "kinds": {
        *("calls.engine", "calls.functions", "calls.modules", "calls.optimizers", "calls.record"),
        *("calls.tensors", "calls.torch_functions", "calls.training", "exercise"),
    },
    "derivative": set(),
    "witness": {"calls.record", "derivative", "exercise", "kinds"},
    "compare": {"key", "result"},
    # text <-> cells, both ends
    "notebook": {"errors"},
    "assignment": {"calls.record", "errors", "exercise", "kinds"},
    "template": {
        *("assignment", "errors", "exercise", "handout", "key", "notebook", "numeric", "oracle"),
        *("published", "witness"),
    },
    "archive": set(),
    "lms": set(),
    "gradescope": set(),
    "clock": {"gradescope", "lms"},
    "folder": {"archive", "gradescope", "lms"},
    "submission": {"clock", "errors", "folder", "lms", "notebook"},
    # the key, the verdict
    "oracle": {
        *("assignment", "derivative", "errors", "exercise", "key", "kinds", "training", "witness"),
    },
    "training": {"compare", "exercise", "key", "kinds", "result"},
    "learned": {"exercise", "key", "result", "training"},
    "faults": {"exercise", "key", "result", "training"},
    "borrowed": {"key", "kinds", "result"},
    "judge": {"borrowed", "compare", "exercise", "key", "learned", "result", "training"},
    # the mistake: rules, mutants, what they look like from outside, which of them it is
    "scope": set(),
    "mutants": {"scope"},
    "mistakes.tree": {"scope"},
    **{f"mistakes.{noun}": {"mistakes.tree", "mutants", "scope"} for noun in NOUNS},
    "mistakes.intermediates": {
        *("mistakes.loops", "mistakes.operations", "mistakes.reductions", "mistakes.terms"),
        *("mistakes.tree", "mutants", "scope"),
    },
    "mistakes.catalogue": {"mistakes.intermediates", *(f"mistakes.{noun}" for noun in NOUNS)},
    "rehearsal": {"exercise", "kinds", "sandbox.answers", "sandbox.cells", "sandbox.wire"},
    "partial": {"assignment", "exercise", "key", "kinds"},
    "suspects": {
        *("assignment", "compare", "exercise", "fingerprints", "key", "kinds"),
        *("mistakes.catalogue", "mutants", "notebook"),
        *("partial", "rehearsal", "result", "sandbox.host", "sandbox.wire", "scope"),
    },
    "audit": {
        *("assignment", "errors", "exercise", "key", "mutants", "oracle", "result"),
        *("sandbox.host", "suspects"),
    },
    "hypotheses.seen": {"exercise"},
    "fingerprints": {"key"},
    "hypotheses.conditions": {"exercise", "hypotheses.seen"},
    "hypotheses.calls": {"hypotheses.seen"},
    "hypotheses.exchanges": {"exercise", "hypotheses.seen"},
    "hypotheses.factors": {"exercise", "hypotheses.seen"},
    "hypotheses.parts": {"hypotheses.seen"},
    "hypotheses.shapes": {"hypotheses.seen"},
    "hypotheses.values": {"hypotheses.seen"},
    "hypotheses.weights": {"exercise", "hypotheses.seen"},
    "hypotheses.general": {
        *(
            "hypotheses.conditions",
            "hypotheses.exchanges",
            "hypotheses.factors",
            "hypotheses.parts",
        ),
        *("hypotheses.seen", "hypotheses.shapes", "hypotheses.values"),
    },
    "shrink": {
        *("calls.engine", "derivative", "exercise", "graphs", "key", "result", "witness"),
    },
    "ownforward": {"exercise", "key", "result", "witness"},
    "diagnose": {
        "fingerprints",
        *("faults", "hypotheses.calls", "hypotheses.exchanges", "hypotheses.factors", "key"),
        *("hypotheses.general", "hypotheses.seen", "hypotheses.values", "hypotheses.weights"),
        *("kinds", "result"),
    },
    "store": {"exercise", "key"},
    # the same without a reference: made with the handout, used on a student's machine
    "numeric": {"errors", "exercise", "key", "witness"},
    "handout": {"errors", "exercise"},
    "published": {"errors", "exercise", "handout", "key", "witness"},
    "asked": {"handout"},
    "history": {"kernel"},
    "kernel": {"calls.record", "exercise", "kinds", "result", "sandbox.answers", "sandbox.failure"},
    # where student code runs
    "sandbox.wire": {"exercise"},
    "sandbox.landlock": set(),
    "sandbox.syscalls": set(),
    "sandbox.seccomp": {"sandbox.syscalls"},
    "sandbox.roots": set(),
    "sandbox.limits": {"sandbox.landlock", "sandbox.roots", "sandbox.seccomp"},
    "sandbox.magics": set(),
    "sandbox.names": set(),
    "sandbox.failure": set(),
    "sandbox.cells": {"sandbox.failure", "sandbox.magics", "sandbox.names"},
    "sandbox.answers": {"calls.record", "sandbox.wire"},
    "sandbox.worker": {
        *("calls.record", "exercise", "kinds", "sandbox.answers", "sandbox.cells"),
        "sandbox.failure",
        *("sandbox.limits", "sandbox.wire", "witness"),
    },
    "sandbox.flavours": set(),
    "sandbox.zygote": {
        *("sandbox.flavours", "sandbox.limits", "sandbox.roots", "sandbox.worker"),
    },
    # its other end, where replies are judged
    "sandbox.replies": {"result", "sandbox.wire"},
    "sandbox.channel": {"sandbox.wire"},
    "sandbox.nursery": {
        *("errors", "sandbox.channel", "sandbox.flavours", "sandbox.roots", "sandbox.zygote"),
    },
    "sandbox.session": {
        *("errors", "exercise", "result", "sandbox.channel", "sandbox.nursery"),
        *("sandbox.replies", "sandbox.wire"),
    },
    "sandbox.host": {
        *("errors", "exercise", "kinds", "result", "sandbox.flavours", "sandbox.landlock"),
        *("sandbox.limits", "sandbox.nursery", "sandbox.seccomp", "sandbox.session"),
    },
    "sandbox.probe": {"errors", "sandbox.host", "sandbox.landlock", "sandbox.seccomp"},
    # one submission, many, what is kept of them
    "excerpt": {"notebook", "result"},
    "pipeline": {
        "excerpt",
        *(
            "diagnose",
            "errors",
            "exercise",
            "judge",
            "key",
            "notebook",
            "ownforward",
            "result",
            "shrink",
            "submission",
            "training",
        ),
    },
    "batch": set(),
    "journal": {"errors", "result", "results"},
    "results": {"errors", "visible"},
    "course": {"errors"},
    "settle": {"course"},
    "difference": set(),
    "export.formats": {
        *("errors", "export.canvas", "export.csv", "export.gradescope", "export.json"),
        *("export.junit", "export.moodle", "export.nbgrader", "results"),
    },
    "export.autograder": {
        *("assignment", "errors", "kinds", "oracle", "sandbox.host", "store", "suspects"),
    },
    "autograde": {
        *("course", "errors", "export.gradescope", "key", "pipeline", "results", "sandbox.host"),
        *("settle", "store", "submission"),
    },
    "export.canvas": {"errors", "lms", "results", "visible"},
    "export.csv": {"results", "visible"},
    "export.gradescope": {"errors", "results"},
    "export.json": {"results"},
    "export.junit": {"results"},
    "export.moodle": {"errors", "lms", "results", "visible"},
    "export.autograded": set(),
    "export.nbgrader": {"errors", "export.autograded", "results"},
    "publish": {"course", "errors", "report.html", "results", "settle", "summary"},
    "regrade": {"errors", "result", "submission"},
    "summary": {"lessons", "result"},
    "lessons": set(),
    "report.curves": {"report.axes", "result"},
    # what people see
    "report.axes": set(),
    "report.plots": {"report.arrays", "report.axes", "result"},
    "report.html": {
        *("report.curves", "report.grids", "report.plots", "result", "summary", "visible"),
    },
    "report.terminal": {"result", "summary"},
    "report.arrays": set(),
    "report.grids": {"report.arrays", "result"},
    "report.output": {"report.arrays", "report.html", "report.terminal", "result"},
    "report.markdown": {"result"},
    # what other people's programs read
    "export.github": {"errors", "result"},
    "export.classroom": {"export.github", "result"},
    "export.classroom50": {"errors", "handout", "result"},
    "export.student_repository": {"errors", "handout"},
    # the doors
    "repository": {
        *("errors", "folder", "handout", "pipeline", "published", "result", "sandbox.host"),
        "submission",
    },
    "ci": {
        *("errors", "export.classroom", "export.classroom50", "export.github", "report.markdown"),
        *("report.terminal", "repository", "results"),
    },
    "claims": {"errors"},
    "start": {"errors", "handout"},
    "new": {"errors", "handout"},
    "public": {
        *("errors", "exercise", "handout", "kernel", "kinds", "pipeline", "published", "result"),
        *("sandbox", "sandbox.cells", "sandbox.host", "submission"),
    },
    "checking": {
        *("asked", "compare", "diagnose", "errors", "handout", "history", "judge", "kernel", "key"),
        *("exercise", "kinds", "published", "report.arrays", "report.output", "result", "shrink"),
        "training",
    },
    "run": {
        *(
            "assignment",
            "batch",
            "course",
            "diagnose",
            "errors",
            "journal",
            "key",
            "oracle",
            "pipeline",
        ),
        *("publish", "regrade", "result", "sandbox.host", "store", "submission", "summary"),
        "suspects",
    },
    "commands": {
        *("export.autograder", "mistakes.catalogue", "report.markdown", "secret"),
        *("errors", "export.classroom50"),
        *("difference", "course", "export.formats", "publish", "report.terminal", "results"),
    },
    "secret": {"errors"},
    "doctor": {"sandbox.probe", "secret"},
    "cli": {
        *("commands", "regrade"),
        *("claims", "export.student_repository"),
        *("assignment", "audit", "ci", "doctor", "errors", "exercise", "public", "report.terminal"),
        *("new", "run", "sandbox.host", "secret", "start", "template"),
    },
    "__main__": {"cli"},
}

WORKER = {
    "calls",
    "derivative",
    "witness",
    "exercise",
    "expressions",
    "graphs",
    "kinds",
    "libraries",
    "points",
    "sandbox",
}  # all that may be in the process of student code
GRADING = ("pipeline", "batch", "judge", "compare", "journal", "checking")
AUTHORING = {"assignment", "numeric", "oracle", "mutants", "template"}  # where references are read

HOME = {  # each outside library has one home, where replacing it touches one file
    "click": {"cli", "commands"},
    "nbgrader": {"export.nbgrader"},
    "jinja2": {"report.html"},
    "rich": {"report.terminal"},
    "jupytext": {"template"},
    "nbformat": {"template"},
    "matplotlib": {"sandbox.zygote"},
}


def modules():
    """Skeletons are pages for authors, and no modules."""
    found = sorted(PACKAGE.rglob("*.py"))
    return [one for one in found if one.name != "__init__.py" and SKELETONS not in one.parents]


def name(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


PACKAGES = {"grader"} | {f"grader.{path.parent.name}" for path in PACKAGE.glob("*/__init__.py")}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module in PACKAGES:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def ours(path):
    found = {module for module in imports(path) if module.split(".")[0] in ("grader", "")}
    return {module.removeprefix("grader.") for module in found} - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_imports_only_what_its_layer_allows(path):
    assert name(path) in MAY_IMPORT, "a new module: add what it may import to the table"
    assert ours(path) <= MAY_IMPORT[name(path)]


@pytest.mark.parametrize("path", modules(), ids=name)
def test_an_outside_library_has_one_home(path):
    roots = {module.split(".")[0] for module in imports(path)}
    assert {library for library in roots & HOME.keys() if name(path) not in HOME[library]} == set()


def reachable(start):
    seen, todo = set(), [start]
    while todo:
        module = todo.pop()
        if module not in seen:
            seen.add(module)
            todo += MAY_IMPORT[module]
    return seen


def test_the_process_of_student_code_can_reach_no_answer():
    assert {module.split(".")[0] for module in reachable("sandbox.worker")} <= WORKER


@pytest.mark.parametrize("module", GRADING)
def test_grading_needs_no_reference(module):
    assert not reachable(module) & AUTHORING


@pytest.mark.parametrize("module", ["grader", "grader.cli"])
def test_a_door_opens_without_heavy_libraries(module):
    heavy = "{'numpy', 'nbformat', 'matplotlib', 'jinja2', 'rich', 'jupytext', 'torch'}"
    code = f"import sys, {module}; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
