"""Commands on the results of a run: the instructor's side of the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

BUNDLE, AUTOGRADER = "classroom50-bundle", "gradescope-autograder"
FORMATS = ("canvas", BUNDLE, "csv", "gradescope", AUTOGRADER, "json", "junit", "moodle", "nbgrader")
FROM = click.option(
    "--from", "folder", default="graded", show_default=True, help="Folder that grader run wrote."
)


def say(text: str) -> None:
    """Talk to the person, who may be reading standard output with a program. Text of students is
    shown without what a terminal would act on."""
    plain = "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
    click.echo(f"grader: {plain}", err=True)


@click.command()
@FROM
@click.option("--course", required=True, help="The course.toml to go by.")
def report(folder: str, course: str) -> None:
    """Apply a changed course.toml to results that are there, and write all pages anew.

    Nothing is graded, and neither the reference nor the notebooks are needed.

    \b
    Example: grader report --from graded --course submissions/course.toml
    """
    from grader.course import read as read_course
    from grader.publish import publish
    from grader.report.terminal import summary
    from grader.results import read

    found = read(Path(folder))
    about = (found.grader, found.isolation)
    done = publish(Path(folder), found, read_course(Path(course)), about, say)
    click.echo(summary(done))


@click.command()
@click.argument("form", type=click.Choice(FORMATS), metavar="FORMAT")
@click.argument("slug", required=False)
@FROM
@click.option("--to", help="File or folder to write; see the format's page for where by default.")
@click.option("--gradebook", help="The platform's own export, to be filled in (Canvas, Moodle).")
def export(form: str, slug: str | None, folder: str, to: str | None, gradebook: str | None) -> None:
    """Write the results as another program wants them, as final scores.

    \b
    canvas      a CSV per assignment for Gradebook > Import
    classroom50-bundle  no results: the folder with which Classroom 50 grades SLUG
    csv         one row per student, a column per exercise
    gradescope  results.json of one submission
    gradescope-autograder  no results: the zip with which Gradescope grades SLUG
    json        one file, points alone
    junit       JUnit XML, a test per exercise
    moodle      a grading worksheet per assignment
    nbgrader    scores and comments into gradebook.db; --to is the course folder

    \b
    Example: grader export canvas --from graded --gradebook Grades.csv
    Example: grader export nbgrader --to ~/course
    """
    from grader.errors import UsageError
    from grader.export.classroom50 import bundle
    from grader.export.formats import write

    if (form in (BUNDLE, AUTOGRADER)) != bool(slug):
        raise UsageError(
            f"{form} is about no one assignment; leave {slug} out"
            if slug
            else f"{form} is for one assignment; name it, as in grader export {form} layers"
        )
    if slug and form == BUNDLE:
        click.echo(bundle(slug, Path(to or "autograders")))
        return
    if slug:
        from grader.export import autograder
        from grader.secret import find

        secret = find(os.environ, say)
        click.echo(autograder.write(slug, secret, Path(to or f"{slug}-autograder.zip")))
        return
    for path in write(form, Path(folder), Path(to) if to else None, gradebook):
        click.echo(path)


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def diff(old: str, new: str, as_json: bool) -> None:
    """Say whose score differs between two result folders, and why.

    \b
    Example: grader diff graded graded-new
    """
    from grader.difference import difference, text
    from grader.results import read

    found = list(difference(read(Path(old)), read(Path(new))))
    click.echo(json.dumps(found, indent=2) if as_json else text(found), nl=as_json)


@click.command()
def mistakes() -> None:
    """Print the catalogue of mistakes that the grader can name, as Markdown.

    \b
    Example: grader mistakes > mistakes.md
    """
    from grader.mistakes.catalogue import MISTAKES
    from grader.report.markdown import catalogue

    rows = [(m.name, (m.nudge, m.place, m.nature), m.before, m.after) for m in MISTAKES]
    click.echo(catalogue(rows), nl=False)
