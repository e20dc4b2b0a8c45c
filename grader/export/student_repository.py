"""What makes a repository of a student's folder: workflow, README and .gitignore.

Nothing secret is in there, because a student reads and changes everything. Actions are pinned by
commit; what pip installs is one line of the workflow, which a variable of the organization
overrides.
"""

from __future__ import annotations

from pathlib import Path

from grader import __version__, handout
from grader.errors import UsageError

FILES = Path(__file__).parent / "files"
WORKFLOW = Path(".github", "workflows", "classroom.yml")


def furnish(folder: Path, reporter: bool = False) -> list[Path]:
    """Write the files into a folder that grader start has made; return them.

    reporter: with a last step for the grading reporter of GitHub Classroom

    Raises:
        UsageError: they cannot be written
    """
    page = handout.find(folder)
    if page is None:
        raise UsageError(f"no {handout.FILE} in {folder}")
    readme = _file("student.md").replace("@SLUG@", page.slug).replace("@TITLE@", page.title)
    content = {
        folder / "README.md": readme,
        folder / ".gitignore": _file("gitignore"),
        folder / WORKFLOW: workflow(page.names if reporter else ()),
    }
    try:
        (folder / WORKFLOW).parent.mkdir(parents=True, exist_ok=True)
        for path, text in content.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write {folder}: {reason}") from error
    return list(content)


def workflow(reported: tuple[str, ...] = ()) -> str:
    """The workflow; with the reporter for these exercises, if there are any."""
    form = "classroom" if reported else "github"
    text = _file("classroom.yml").replace("@VERSION@", __version__).replace("@FORMAT@", form)
    if not reported:
        return text
    runners = [name.lower() for name in reported]
    results = "\n".join(
        f"          {one.upper()}_RESULTS: ${{{{ steps.grade.outputs.{one} }}}}" for one in runners
    )
    step = _file("reporter.yml").replace("@RESULTS@", results)
    return text + step.replace("@RUNNERS@", ",".join(runners))


def _file(name: str) -> str:
    return (FILES / name).read_text(encoding="utf-8")
