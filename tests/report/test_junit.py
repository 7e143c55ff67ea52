"""JUnit XML as its readers count it."""

from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from mlval.domain.errors import ExitCode
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report
from mlval.report import junit

NAMES = ("passed", "undecided", "blocked", "drifted", "inconclusive", "unavailable", "crashed", "hostile")


def root(report: Report) -> ET.Element:
    return ET.fromstring(junit.render(report))


@pytest.mark.parametrize("name", NAMES)
def test_it_is_red_exactly_where_the_exit_code_is(reports: Mapping[str, Report], name: str) -> None:
    suites = root(reports[name])
    red = int(suites.get("failures", "")) + int(suites.get("errors", ""))
    assert (red > 0) == (reports[name].verdict.exit_code is not ExitCode.PASSED)


@pytest.mark.parametrize("name", NAMES)
def test_counts_are_those_of_the_cases(reports: Mapping[str, Report], name: str) -> None:
    suites = root(reports[name])
    for element in (suites, *suites):
        cases = list(element.iter("testcase"))
        assert int(element.get("tests", "")) == len(cases)
        for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(element.get(attribute, "")) == sum(case.find(tag) is not None for case in cases)


def test_what_is_undecided_is_skipped_with_a_message(reports: Mapping[str, Report]) -> None:
    case = root(reports["undecided"]).find(".//testcase[@name='airport_fee drift']/skipped")
    assert case is not None
    assert case.get("message", "").startswith("undecided: 3.4% of 180 rows moved")


def test_a_skip_that_blocks_is_a_failure(reports: Mapping[str, Report]) -> None:
    report = reports["passed"]
    skipped = replace(report.verdict.results[0], outcome=Outcome.SKIPPED, blocks=True, reason="no data given")
    suites = root(replace(report, verdict=replace(report.verdict, results=(skipped,))))
    failure = suites.find(".//failure")
    assert failure is not None
    assert (failure.get("type"), failure.get("message")) == ("skipped", "no data given")


def test_a_case_points_at_the_contract(reports: Mapping[str, Report]) -> None:
    case = root(reports["blocked"]).find(".//testcase[@name='passenger_count nulls']")
    assert case is not None
    assert (case.get("file"), case.get("line")) == ("gates/mlval.yml", "31")
    assert case.get("classname") == "mlval.taxi.trips"


def test_a_block_without_a_result_is_red(reports: Mapping[str, Report]) -> None:
    report = reports["blocked"]
    suites = root(replace(report, verdict=replace(report.verdict, results=())))
    assert [failure.get("message") for failure in suites.iter("failure")] == ["9 of 15 results block."]
    assert (suites.get("tests"), suites.get("failures")) == ("1", "1")


def test_an_odd_time_is_left_out(reports: Mapping[str, Report]) -> None:
    assert all("timestamp" not in suite.attrib for suite in root(replace(reports["passed"], now="soon")))
