"""The command line. Each command is arguments, one call, output, exit code.

Everything but click is imported by the command that needs it: help must be instant.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

import click

from grader import __version__, commands
from grader.commands import say as _say
from grader.errors import AuthorError, GraderError, UsageError

ISOLATIONS = ("landlock+seccomp", "none")
FORMATS = ("github", "classroom", "classroom50", "json")
INTERRUPTED = 130
UNPROTECTED = (
    "no isolation: the code of the submissions runs unprotected, as you. Every result says so"
)

_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except GraderError as error:
            _say(str(error))
            sys.exit(error.exit_code)
        except BrokenPipeError:  # the reader of our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(0)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="grader")
def cli() -> None:
    """Grade notebooks in which students write backward().

    \b
    Exit codes:
      0  the work was done, whatever the grades
      2  asked for something that does not exist, or that cannot be written
      3  an assignment contradicts itself
      4  isolation failed or is missing
    """


@cli.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--out", default="graded", show_default=True, help="Folder for all that is written.")
@click.option(
    "--workers", type=click.IntRange(1, 512), help="Processes; as many as cores, if not given."
)
@click.option("--fresh", is_flag=True, help="Grade everything anew, and forget earlier runs.")
@click.option(
    "--isolation", type=click.Choice(ISOLATIONS), default=ISOLATIONS[0], show_default=True
)
@click.option(
    "--reference", help="Folder of reference pages; ./reference or a parent's, if not given."
)
@click.option("--json", "as_json", is_flag=True, help="Print results.json instead of the summary.")
@click.option(
    "--hints",
    type=click.IntRange(1, 3),
    default=2,
    show_default=True,
    help="How far a hint goes: a question, where to look, what kind of mistake it is.",
)
@click.option("--course", help="A course.toml; that of the submissions' folder, if not given.")
@click.option("--student", multiple=True, help="Grade again, and this student alone. Repeatable.")
@click.option("--assignment", multiple=True, help="Grade again, and this assignment alone.")
@click.option("--exercise", multiple=True, help="Grade again, and this exercise alone.")
def run(  # noqa: PLR0913, a command's parameters are its options
    *,
    paths: tuple[str, ...],
    out: str,
    workers: int | None,
    reference: str | None,
    isolation: str,
    fresh: bool,
    as_json: bool,
    hints: int,
    course: str | None,
    student: tuple[str, ...],
    assignment: tuple[str, ...],
    exercise: tuple[str, ...],
) -> None:
    """Grade every submission under the PATHs.

    Folders as nbgrader, Canvas, Moodle and GitHub Classroom make them, zips of these, single
    notebooks. Killed or interrupted, the same command goes on where it was.

    \b
    Example: grader run submissions/ --out graded
    Example: grader run submissions/ --student ada --exercise Affine
    """
    from grader.doctor import cores
    from grader.regrade import Only
    from grader.report.terminal import progress, summary
    from grader.run import Order
    from grader.run import run as run_order
    from grader.secret import find

    if isolation == "none":
        _say(UNPROTECTED)
    order = Order(
        paths=[Path(path) for path in paths],
        out=Path(out),
        reference=_reference(reference),
        secret=find(os.environ, _say),
        workers=workers or cores(),
        isolation=isolation,
        fresh=fresh,
        hints=hints,
        course=Path(course) if course else None,
        only=Only(student, assignment, exercise),
    )
    try:
        done = run_order(order, progress, _say)
    except KeyboardInterrupt:
        _say("interrupted. What was graded is kept; the same command goes on from there")
        sys.exit(INTERRUPTED)
    if as_json:
        _print_file(order.out / "results.json")
    else:
        click.echo(summary(done))
        click.echo(f"Class report: {order.out / 'index.html'}")


def _print_file(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        for line in file:
            click.echo(line, nl=False)


def _reference(asked: str | None) -> Path:
    """The folder of reference pages: as asked, else the nearest, here or above."""
    if asked and not Path(asked).is_dir():
        raise UsageError(f"no folder {asked}; --reference names the folder of reference pages")
    if place := Path(asked) if asked else _nearest():
        return place
    raise UsageError("no folder reference/ here or above; name it with --reference DIR")


def _nearest() -> Path | None:
    here = Path.cwd()
    places = (one / "reference" for one in (here, *here.parents))
    return next((place for place in places if place.is_dir()), None)


@cli.command()
@click.argument("notebook", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def check(notebook: Path, as_json: bool) -> None:
    """Check one NOTEBOOK (or a .py in cells) of your own on public cases, as check() does in it.

    \b
    Example: grader check layers.ipynb
    """
    from grader.public import check_notebook
    from grader.report.terminal import report

    found, isolation = check_notebook(notebook)
    plain = {"isolation": isolation, **asdict(found)}
    if isolation == "none" and found.status == "graded":
        _say("no isolation here: the notebook's cells ran in this process, as in Jupyter")
    click.echo(json.dumps(plain, indent=2) if as_json else report(found), nl=as_json)


@cli.command()
@click.option("--format", "form", type=click.Choice(FORMATS), default=FORMATS[0], show_default=True)
@click.option("--fail-under", metavar="POINTS|PERCENT%", help="Exit with 1 below this score.")
@click.option("--exercises", help="Folder of an exercises.json that students cannot change.")
@click.option(
    "--isolation", type=click.Choice(ISOLATIONS), default=ISOLATIONS[0], show_default=True
)
def ci(form: str, fail_under: str | None, exercises: str | None, isolation: str) -> None:
    """Grade the notebooks of the repository this is called in, as a CI job, on public cases.

    Writes the step summary, at most one annotation per exercise, and what --format asks for.
    Succeeds when the grading was done, whatever the points.

    \b
    Example: grader ci
    Example: grader ci --fail-under 75%
    """
    from grader.ci import Job, run

    folder = Path(exercises) if exercises else None
    job = Job(Path.cwd(), form, fail_under, folder, isolation)
    if not run(job, os.environ, click.echo):
        _say(f"fewer points than --fail-under {fail_under} asks for")
        sys.exit(1)


@cli.command("compare-ci")
@click.argument("graded", type=click.Path(path_type=Path))
@click.argument("claimed", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
def compare_ci(graded: Path, claimed: Path, as_json: bool) -> None:
    """Say where the scores CLAIMED by students' CI differ from the official ones in GRADED.

    CLAIMED is the folder of the checkouts, a result.json, or a table of scores of a platform.

    \b
    Example: grader compare-ci graded/ clones/
    """
    from grader.claims import compare, table

    found = compare(graded, claimed)
    click.echo(json.dumps([asdict(one) for one in found], indent=2) if as_json else table(found))


@cli.command()
@click.argument("slug")
@click.option("--github", is_flag=True, help="With README and workflow: a student's repository.")
@click.option("--reporter", is_flag=True, help="And with GitHub Classroom's reporter as a step.")
def start(slug: str, github: bool, reporter: bool) -> None:
    """Copy the assignment SLUG of the bundled course into a new folder of that name, to work in.

    \b
    Example: grader start layers
    Example: grader start layers --github
    """
    from grader.start import start as copy

    path = copy(slug, Path())
    if github or reporter:
        from grader.export.student_repository import furnish

        furnish(path.parent, reporter)
    click.echo(path)


@cli.command()
@click.argument("slug")
@click.option("--kind", default="layer", show_default=True, help="What the exercise is.")
@click.option(
    "--reference", help="Folder of reference pages; ./reference or a parent's, if not given."
)
def new(slug: str, kind: str, reference: str | None) -> None:
    """Write the page of a new assignment SLUG, with one exercise, which works as it stands.

    A kind that does not exist is answered with those that do. Where there is no folder reference
    yet, one is made here. docs/authoring.md goes on from there.

    \b
    Example: grader new attention --kind layer
    """
    from grader.new import new as write_page

    pages = Path(reference) if reference else _nearest() or Path("reference")
    page = write_page(slug, kind, pages)
    click.echo(page)
    _say(f"now change it, then: grader build {slug} && grader audit {slug}")


@cli.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG...]")
@click.option("--check", is_flag=True, help="Write nothing; fail where something is out of date.")
@click.option(
    "--reference", help="Folder of reference pages; ./reference or a parent's, if not given."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def build(slugs: tuple[str, ...], check: bool, reference: str | None, as_json: bool) -> None:
    """Make the student folders assignments/SLUG from the references; all, if no SLUG is given.

    \b
    Example: grader build layers
    Example: grader build --check
    """
    from grader.assignment import find, load
    from grader.template import build as build_folder
    from grader.template import stale

    pages = _reference(reference)
    done: dict[str, list[str]] = {}
    for slug in slugs or find(pages):
        page = load(pages / f"{slug}.py")
        folder = pages.parent / "assignments" / slug
        done[slug] = stale(page, folder)
        if done[slug] and not check:
            build_folder(page, folder)
    state = "out of date" if check else "built"
    _print_built({slug: state if files else "up to date" for slug, files in done.items()}, as_json)
    if check and any(done.values()):
        raise UsageError("assignments are out of date; run: grader build")


def _print_built(states: dict[str, str], as_json: bool) -> None:
    lines = (f"assignments/{slug}: {state}" for slug, state in states.items())
    click.echo(json.dumps(states) if as_json else "\n".join(lines))


@cli.command()
@click.argument("slugs", nargs=-1, metavar="[SLUG...]")
@click.option(
    "--reference", help="Folder of reference pages; ./reference or a parent's, if not given."
)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def audit(slugs: tuple[str, ...], reference: str | None, as_json: bool) -> None:
    """Say whether assignments are fair and sharp: the reference right, every mutant caught.

    \b
    Example: grader audit layers
    """
    from grader.assignment import find, load
    from grader.audit import audit as audit_page
    from grader.exercise import PUBLIC
    from grader.report.terminal import audited
    from grader.sandbox.host import sandbox

    pages = _reference(reference)
    with sandbox() as box:
        found = {
            slug: list(audit_page(load(pages / f"{slug}.py"), PUBLIC, box))
            for slug in slugs or find(pages)
        }
    plain = {slug: [asdict(one) for one in rows] for slug, rows in found.items()}
    click.echo(json.dumps(plain, indent=2) if as_json else audited(found))
    if any(one.survivors for rows in found.values() for one in rows):
        raise AuthorError("mutants survive: give the exercises the kinds of input that are missing")


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def doctor(as_json: bool) -> None:
    """Say what this machine offers: isolation, cores, libraries, and what to do about the rest.

    \b
    Example: grader doctor
    """
    from grader.doctor import facts, text

    found = facts(os.environ)
    click.echo(json.dumps(found, indent=2) if as_json else text(found), nl=as_json)


cli.add_command(commands.report)
cli.add_command(commands.export)
cli.add_command(commands.diff)
cli.add_command(commands.mistakes)


def main() -> None:
    """The entry point of the command grader."""
    for name in _THREADS:  # our arrays are small, and processes are forked, which hates threads
        os.environ.setdefault(name, "1")
    cli(prog_name="grader")
