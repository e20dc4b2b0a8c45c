"""Which formats there are, and where each is written by default. All read results.json alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from grader.errors import UsageError, cannot_write
from grader.export import canvas, csv, gradescope, json, junit, moodle, nbgrader
from grader.results import Results, make_folder, read

Write = Callable[[Results, Path], Iterator[Path]]

WRITERS: Mapping[str, tuple[Write, str]] = {  # name: how, and where within the result folder
    "csv": (csv.write, "export/scores.csv"),
    "gradescope": (gradescope.write, "export/results.json"),
    "json": (json.write, "export/scores.json"),
    "junit": (junit.write, "export/junit.xml"),
}
FILLED: Mapping[str, Callable[[Results, Path, Path | None], Iterator[Path]]] = {
    "canvas": canvas.write,
    "moodle": moodle.write,
}


def write(form: str, folder: Path, to: Path | None, gradebook: str | None) -> Iterator[Path]:
    """Write the results of folder in the format; yield the files.

    Raises:
        UsageError: there are no results, the gradebook cannot be read, nothing can be written
    """
    if gradebook and form not in FILLED:
        raise UsageError(f"--gradebook is for {' and '.join(FILLED)}, not for {form}")
    results = read(folder)
    try:
        if form == "nbgrader":
            yield from nbgrader.write(results, to or Path())
        elif form in FILLED:
            place = to or folder / "export"
            make_folder(place)
            yield from FILLED[form](results, place, Path(gradebook) if gradebook else None)
        else:
            writer, name = WRITERS[form]
            place = to or folder / name
            make_folder(place.parent)
            yield from writer(results, place)
    except OSError as error:
        raise cannot_write(str(error.filename or to or folder), error) from error
