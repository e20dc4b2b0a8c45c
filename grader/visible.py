"""Text of students, who choose names of files, made safe to look at.

A character that steers the display instead of standing on it (control characters, and those that
turn the direction of writing) could make one name look like another. It is written as Python would
escape it: "ada\\u202e". Letters of every alphabet stay as they are.
"""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff]"
)
_BREAKS = re.compile("[\t\n]")
_FORMULA = re.compile("(^|;)(?=\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20])")


def visible(text: str) -> str:
    """Escape what would not be seen; tabs and ends of lines stay."""
    return _STEERING.sub(_escaped, text)


def cell(value: object) -> object:
    """What can stand in a table that a spreadsheet opens, which would run text that begins like a
    formula, also after a semicolon, which parts the columns in half of the world."""
    if not isinstance(value, str):
        return value
    return _FORMULA.sub(r"\1'", _BREAKS.sub(_escaped, visible(value)))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
