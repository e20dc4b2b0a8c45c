"""What a notebook may hold that is not Python: %magics, !commands, ?help. Worker side only.

Asked only for cells that do not compile as they are. Lines keep their numbers, text inside
triple quotes and open brackets stays. IPython's own transformer is not used: it takes minutes on
hostile cells, and importing it takes longer than grading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

RUN_BODY = frozenset({"time", "timeit", "capture", "prun", "python", "python3"})
NO_SHELL = "the grader does not run shell commands"

_ASSIGNED = re.compile(r"^\s*([A-Za-z_][\w.,\s\[\]*]*?)\s*=\s*([!%])(?!=)")
_TIMED = re.compile(r"^(\s*)%time\s+(?=\S)")
_HELP = re.compile(r"^\s*[%\w.*\[\]]+\?{1,2}\s*$")
_PROMPT = re.compile(r"^(>>> ?|In \[\d+\]: ?|\.\.\. ?|\s*\.{3,}: ?)")
_FIRST_PROMPT = re.compile(r"^(>>>|In \[\d+\]:)")
_TOKEN = re.compile(r"'''|\"\"\"|'|\"|#|\\.|[()\[\]{}]", re.DOTALL)


def plain(label: str, source: str) -> tuple[str, tuple[str, ...]]:
    """(the cell as Python, line by line; notes on what was left out)."""
    lines = _without_prompts(source.split("\n"))
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        name = lines[first][2:].split(maxsplit=1)[0] if lines[first][2:].strip() else ""
        if name not in RUN_BODY:
            return "", (f"{label} begins with %%{name[:40]} and is not run",)
        lines[first] = ""
    kept = list(_lines(lines))
    notes = (f"{label}: {NO_SHELL}",) if any(shell for _, shell in kept) else ()
    return "\n".join(line for line, _ in kept), notes


def _without_prompts(lines: list[str]) -> list[str]:
    """Pasted prompts and an indentation that the whole cell shares are no part of the code."""
    first = next((line for line in lines if line.strip()), "")
    if _FIRST_PROMPT.match(first):
        return [_PROMPT.sub("", line) for line in lines]
    indent = first[: len(first) - len(first.lstrip())]
    return [line.removeprefix(indent) for line in lines] if indent else lines


def _lines(lines: list[str]) -> Iterator[tuple[str, bool]]:
    """Each line as Python, and whether it was a shell command."""
    quote, depth, is_inside, skips = "", 0, False, False
    for line in lines:
        if skips:
            skips = line.endswith("\\")
            yield "", False
            continue
        if not is_inside and (blank := _blanked(line)) is not None:
            skips = line.endswith("\\")
            yield blank, "!" in line and not line.lstrip().startswith(("%", "?"))
            continue
        quote, depth = _scan(line, quote, depth)
        is_inside = bool(quote) or depth > 0 or line.endswith("\\")
        yield line, False


def _blanked(line: str) -> str | None:
    """What stands in for a line that is no Python; None for a line that is."""
    text = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if _TIMED.match(line):
        return _TIMED.sub(r"\1", line)
    if text.startswith(("%", "!", "?", "/", ",", ";")) or _HELP.match(line):
        return indent + "pass"
    if found := _ASSIGNED.match(line):
        return f"{indent}{found[1]} = None"
    return None


def _scan(line: str, quote: str, depth: int) -> tuple[str, int]:
    """Whether the next line begins inside a triple-quoted text or open brackets."""
    at = 0
    while found := _TOKEN.search(line, at):
        at, token = found.end(), found[0]
        if quote:
            quote = "" if token == quote else quote
        elif token == "#":
            break
        elif token in "([{":
            depth += 1
        elif token in ")]}":
            depth = max(0, depth - 1)
        elif token[0] != "\\":
            quote = token
    return (quote if len(quote) > 1 else ""), depth
