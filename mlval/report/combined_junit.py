"""Several reports as one JUnit XML: each suite carries the name of its contract."""

from typing import Final
from xml.etree import ElementTree as ET

from mlval.domain.reports import NotJudged, Part, Reports, name_of
from mlval.domain.verdict import Report
from mlval.report import combined, escape, junit

_COUNTS: Final = ("tests", "failures", "errors", "skipped")
_LONGEST: Final = 1000


def render(reports: Reports) -> str:
    """Return the suites of all contracts; one alone is written as it always is.

    A contract that was not judged is a suite with an error, one that is not affected a suite that is skipped.
    """
    if reports.alone is not None:
        return junit.render(reports.alone)
    root = ET.Element("testsuites", name=f"mlval {escape.xml(reports.name)}")
    for part in reports.parts:
        for suite in junit.tree(part) if isinstance(part, Report) else (_alone(part),):
            suite.set("name", escape.xml(f"{name_of(part)} {suite.get('name', '')}".strip()))
            root.append(suite)
    for count in _COUNTS:
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    root.set("time", "0")
    return junit.written(root)


def _alone(part: Part) -> ET.Element:
    """Return a suite for a contract without results."""
    red = isinstance(part, NotJudged)
    errors, skipped = str(int(red)), str(int(not red))
    suite = ET.Element("testsuite", tests="1", failures="0", errors=errors, skipped=skipped, time="0")
    case = ET.SubElement(
        suite, "testcase", name="contract", classname=f"mlval.{escape.xml(name_of(part))}", time="0"
    )
    message = escape.xml(combined.verdict_of(part), _LONGEST)
    outcome = ET.SubElement(case, "error" if red else "skipped", message=message)
    outcome.text = "\n".join(escape.xml(line, _LONGEST) for line in combined.told(part))
    return suite
