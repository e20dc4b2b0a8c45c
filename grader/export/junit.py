"""JUnit XML, as CI servers read it: a suite per submission, a case per exercise.

Partial points cannot be told there, so an exercise passes when it is right and fails otherwise;
the points are in its text. What cannot stand in XML at all is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

from grader.results import Results, replacing

# Everything outside the production Char of XML 1.0, which ElementTree writes all the same.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(results: Results, path: Path) -> Iterator[Path]:
    """Write one file for all submissions."""
    root = Xml.Element("testsuites", name="grader")
    for report in results:
        root.append(_suite(report))
    for name in ("tests", "failures", "errors"):
        root.set(name, str(sum(int(suite.get(name, "0")) for suite in root)))
    Xml.indent(root)
    with replacing(path) as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n')
        file.write(Xml.tostring(root, encoding="unicode") + "\n")
    yield path


def _suite(report: Mapping[str, Any]) -> Xml.Element:
    name = _clean(f"{report['student']}/{report['assignment'] or 'unknown'}")
    suite = Xml.Element("testsuite", name=name, time=f"{report['seconds']:.6f}")
    if report["status"] != "graded":
        case = Xml.SubElement(suite, "testcase", classname=name, name=report["status"], time="0")
        _text(case, "error", report["status"], report["reason"] or "")
    for verdict in report["exercises"]:
        _case(suite, name, verdict)
    cases = list(suite)
    suite.set("tests", str(len(cases)))
    for child, count in (("failure", "failures"), ("error", "errors")):
        suite.set(count, str(sum(one.find(child) is not None for one in cases)))
    return suite


def _case(suite: Xml.Element, classname: str, verdict: Mapping[str, Any]) -> None:
    attributes = {"classname": classname, "name": _clean(verdict["name"])}
    case = Xml.SubElement(suite, "testcase", attributes, time=f"{verdict['seconds']:.6f}")
    if verdict["status"] == "correct":
        return
    points = f"{verdict['status']}: {verdict['score']:g} of {verdict['max_score']:g} points"
    lines = [f"{one['array']} {one['problem']}: {one['detail']}" for one in verdict["findings"]]
    lines += [verdict["diagnosis"]["hint"]] if verdict["diagnosis"] else []
    kind = "error" if verdict["status"] == "ungraded" else "failure"
    _text(case, kind, points, "\n".join(line.strip() for line in lines))


def _text(case: Xml.Element, kind: str, message: str, text: str) -> None:
    child = Xml.SubElement(case, kind, message=_clean(message), type=message.partition(":")[0])
    child.text = _clean(text)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text)
