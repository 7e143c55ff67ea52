"""The report as JUnit XML, for readers of test reports: red exactly where the merge is blocked."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree as ET

from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report, Result
from mlval.report import escape
from mlval.report.sections import by_validation, is_green, stops
from mlval.report.wording import SENTENCE_LIMIT, words

_SECONDS: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}")
_LONGEST: Final = 3 * SENTENCE_LIMIT


def render(report: Report) -> str:
    """Return one test suite a validation and one test case a result.

    The format has no word for a warning: what does not pass and does not block is `skipped`, and its
    message says why. Durations are 0, since the same inputs give the same bytes.
    """
    return written(tree(report))


def tree(report: Report) -> ET.Element:
    """Return the suites of a report under one root, with its counts."""
    root = ET.Element("testsuites", name=f"mlval {escape.xml(report.contract_name)}")
    _count(root, report.verdict.results)
    started = _SECONDS.match(report.now)
    for validation, results in by_validation(report.verdict.results).items():
        suite = ET.SubElement(root, "testsuite", name=escape.xml(validation))
        _count(suite, results)
        if started:
            suite.set("timestamp", started[0])
        for result in results:
            suite.append(_case(result, report))
    if not is_green(report) and not any(stops(result) for result in report.verdict.results):
        root.append(_unexplained(report))
        root.set("tests", str(len(report.verdict.results) + 1))
        root.set("failures", "1")
    return root


def written(root: ET.Element) -> str:
    """Return a tree as text that ends in a newline."""
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _unexplained(report: Report) -> ET.Element:
    """Return a suite that is red, for a verdict that is although no result is."""
    suite = ET.Element("testsuite", name="mlval", tests="1", failures="1", errors="0", skipped="0", time="0")
    case = ET.SubElement(suite, "testcase", name="verdict", classname="mlval", time="0")
    ET.SubElement(case, "failure", message=escape.xml(report.verdict.reason), type="failed")
    return suite


def _case(result: Result, report: Report) -> ET.Element:
    said = words(result, report)
    case = ET.Element("testcase", name=escape.xml(said.name), classname=_class(result, report), time="0")
    if result.place is not None:
        case.set("file", escape.xml(report.contract_path))
        case.set("line", str(result.place.line))
    tag = _tag(result)
    if tag:
        message = f"{'' if stops(result) else _unblocking(result)}{said.sentence}"
        outcome = ET.SubElement(case, tag, message=escape.xml(message, _LONGEST), type=result.outcome.value)
        outcome.text = "\n".join(
            escape.xml(line, _LONGEST) for line in (said.moved, said.why, said.place) if line
        )
    return case


def _tag(result: Result) -> str:
    if stops(result):
        return "error" if result.outcome is Outcome.ERRORED else "failure"
    return "" if result.outcome is Outcome.PASSED else "skipped"


def _unblocking(result: Result) -> str:
    if result.outcome is Outcome.INCONCLUSIVE:
        return "undecided: "
    return "" if result.outcome is Outcome.SKIPPED else f"warning, {result.outcome}: "


def _class(result: Result, report: Report) -> str:
    """Return the name under which readers gather cases; a dot separates its parts."""
    parts = (report.contract_name, result.validation)
    return ".".join(escape.xml(part).replace(".", "_") for part in ("mlval", *parts))


def _count(element: ET.Element, results: Iterable[Result]) -> None:
    tags = Counter(_tag(result) for result in results)
    element.set("tests", str(tags.total()))
    element.set("failures", str(tags["failure"]))
    element.set("errors", str(tags["error"]))
    element.set("skipped", str(tags["skipped"]))
    element.set("time", "0")
