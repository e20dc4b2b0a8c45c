"""What differs between two runs: whose score, in which exercise, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Report = Mapping[str, Any]


def difference(old: Iterable[Report], new: Iterable[Report]) -> Iterator[dict[str, Any]]:
    """Yield one entry per submission whose final score or verdicts differ, in order of students.

    An entry has student, assignment, before, after (None where it is not there) and reasons.
    """
    before = {(one["student"], one["assignment"]): one for one in old}
    after = {(one["student"], one["assignment"]): one for one in new}
    for who in sorted(before.keys() | after.keys()):
        reasons = list(_reasons(before.get(who), after.get(who)))
        scores = [_score(side.get(who)) for side in (before, after)]
        if reasons or scores[0] != scores[1]:
            names = {"student": who[0], "assignment": who[1]}
            yield {**names, "before": scores[0], "after": scores[1], "reasons": reasons}


def _score(report: Report | None) -> float | None:
    return None if report is None else float(report.get("final_score", report["score"]))


def _reasons(old: Report | None, new: Report | None) -> Iterator[str]:
    if old is None or new is None:
        yield "only in the new results" if old is None else "no longer there"
        return
    if old["digest"] != new["digest"]:
        yield "another file was handed in"
    if old["status"] != new["status"]:
        yield f"{old['status']} before, {new['status']} now"
    verdicts = {one["name"]: one for one in old["exercises"]}
    for verdict in new["exercises"]:
        yield from _verdict(verdicts.pop(verdict["name"], None), verdict)
    yield from (f"{name}: no longer asked for" for name in verdicts)
    for name, words in (("late", _lateness), ("overrides", _second_look)):
        if old.get(name) != new.get(name):
            yield f"{name}: {words(old.get(name))} before, {words(new.get(name))} now"


def _verdict(old: Report | None, new: Report) -> Iterator[str]:
    if old is None:
        yield f"{new['name']}: new, {_points(new)}"
    elif _points(old) != _points(new) or old["status"] != new["status"]:
        states = f"{old['status']} -> {new['status']}"
        yield f"{new['name']}: {states}, {_points(old)} -> {_points(new)}{_because(old, new)}"


def _points(verdict: Report) -> str:
    return f"{verdict['score']:g} of {verdict['max_score']:g}"


def _because(old: Report, new: Report) -> str:
    """A finding that stands in one of the two alone: that of now, if there is one."""
    for side, other, when in ((new, old, "now"), (old, new, "before")):
        known = {(one["array"], one["problem"]) for one in other["findings"]}
        for one in side["findings"]:
            if (one["array"], one["problem"]) not in known:
                array = f"{one['array']} " if one["array"] else ""
                return f"; {when}: {array}{one['problem']}: {one['detail']}"
    return ""


def _lateness(late: Report | None) -> str:
    return f"{late['days']} days, {late['points']:g} points off" if late else "on time"


def _second_look(overrides: Iterable[Report] | None) -> str:
    told = (f"{one['exercise'] or 'everything'} {one['points']:g}" for one in overrides or ())
    return ", ".join(told) or "none"


def text(found: Iterable[Mapping[str, Any]]) -> str:
    """For a person at the terminal."""
    lines = []
    for one in found:
        scores = ("-" if one[side] is None else f"{one[side]:g}" for side in ("before", "after"))
        lines.append(f"{one['student']}, {one['assignment']}: {' -> '.join(scores)}")
        lines += [f"  {reason}" for reason in one["reasons"]]
    plain = ("".join(sign if sign.isprintable() else " " for sign in line) for line in lines)
    return "\n".join(plain) + "\n" if lines else "no score differs\n"
