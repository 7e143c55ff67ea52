"""The report of several contracts: a table, then sections; of one it is the report that it always was."""

from collections.abc import Mapping
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from mlval.domain.errors import ContractError, Place, Problem, UsageError
from mlval.domain.outcome import State
from mlval.domain.reports import NotAffected, NotJudged, Reports
from mlval.domain.verdict import Report
from mlval.report import combined, combined_junit, junit, markdown, terminal

NAMES = ("passed", "undecided", "blocked", "drifted", "inconclusive", "unavailable", "crashed", "hostile")
HOSTILE = "@org `|` <img src=x> [a](http://x.y)\n::error::\u202e"
TAGS = {"<code>", "</code>", "<span>", "</span>"}
UNTOUCHED = NotAffected("fraud", "models/fraud/mlval.yml", "the change touches nothing")
INVALID = NotJudged(
    "risk",
    "models/risk/mlval.yml",
    ContractError("models/risk/mlval.yml", (Problem("no such key", "a.b", Place(3, 4), hint="drop it"),)),
)


def named(report: Report, name: str) -> Report:
    return replace(report, contract_name=name)


@pytest.fixture
def several(reports: Mapping[str, Report]) -> Reports:
    parts = (named(reports["passed"], "churn"), named(reports["blocked"], "taxi"), UNTOUCHED, INVALID)
    return Reports("mlval", parts)


@pytest.mark.parametrize("name", NAMES)
def test_one_contract_is_told_as_always(reports: Mapping[str, Report], name: str) -> None:
    report = reports[name]
    one = Reports(report.contract_name, (report,))
    assert combined.markdown(one) == markdown.render(report)
    assert combined.variants(one)[1] == markdown.render(report, level="failures")
    assert combined.terminal(one, color=False, width=80) == terminal.render(report, color=False, width=80)
    assert combined.terminal(one, color=True, width=80) == terminal.render(report, color=True, width=80)
    assert combined_junit.render(one) == junit.render(report)


@pytest.mark.parametrize("name", NAMES)
def test_several_are_green_exactly_where_each_is(reports: Mapping[str, Report], name: str) -> None:
    alone = Reports(name, (reports[name],))
    both = Reports("mlval", (reports["passed"], UNTOUCHED, reports[name]))
    assert combined.is_green(both) == combined.is_green(alone) == (both.exit_code == 0)
    assert (combined.state(both) is State.PASSED) == combined.is_green(both)


def test_the_first_line_counts_contracts_and_names_the_red(several: Reports) -> None:
    assert combined.headline(several) == "blocked: 2 of 4 contracts: taxi, risk"
    green = Reports("mlval", (several.parts[0], UNTOUCHED))
    assert combined.headline(green) == "passed: 2 contracts, 1 not affected"
    assert combined.headline(Reports("fraud", (UNTOUCHED,))) == "passed: 1 contract, 1 not affected"


def test_the_table_comes_first_and_each_contract_has_a_section(several: Reports) -> None:
    text = combined.markdown(several)
    lines = text.splitlines()
    assert lines[0] == "## ❌ mlval blocked: 2 of 4 contracts: taxi, risk"
    assert lines[4].startswith("| ✅ | `churn` | passed |")
    assert lines[5].startswith("| ❌ | `taxi` | blocked: ")
    assert (
        lines[6] == "| ➖ | `fraud` | not affected: the change touches nothing | `models/fraud/mlval.yml` |"
    )
    assert lines[7].startswith("| ❌ | `risk` | not judged: ")
    headings = [line for line in lines if line.startswith("## ")]
    assert [line.rpartition("(")[2] for line in headings[1:]] == ["`churn`)", "`taxi`)", "`risk`)"]
    assert "no such key" in text
    assert text.endswith("\n")


def test_the_short_form_leaves_out_the_sections_of_the_green(several: Reports) -> None:
    short = combined.variants(several)[1]
    assert "(`churn`)" not in short
    assert "| `churn` |" in short
    assert "(`taxi`)" in short
    assert len(short) < len(combined.markdown(several))


def test_the_table_is_a_table_whatever_the_text(reports: Mapping[str, Report]) -> None:
    parts = (
        reports["hostile"],
        NotJudged(HOSTILE, HOSTILE, UsageError(HOSTILE, remedy=HOSTILE)),
        NotAffected(HOSTILE, HOSTILE, HOSTILE),
        NotJudged("x", "y", ValueError(HOSTILE)),
    )
    text = combined.markdown(Reports("mlval", parts))
    head = text[: text.index("\n## ", 3)]
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(head)
    assert sum(token.type == "tr_open" for token in tokens) == 5
    inner = [child for token in tokens for child in token.children or ()]
    assert {child.content for child in inner if child.type == "html_inline"} <= TAGS
    assert not any(child.type == "link_open" for child in inner)
    plain = combined.terminal(Reports("mlval", parts), color=False, width=80)
    assert not any(line.startswith("::") for line in plain.splitlines())
    assert "\u202e" not in plain + text


def test_the_terminal_shows_a_line_each_then_the_reports(several: Reports) -> None:
    text = combined.terminal(several, color=False, width=100)
    lines = text.splitlines()
    assert lines[0] == "mlval blocked: 2 of 4 contracts: taxi, risk (mlval)"
    assert lines[3] == "  fraud: not affected: the change touches nothing [models/fraud/mlval.yml]"
    assert "Blocks the merge" in text
    assert "\x1b" not in text
    assert "\x1b" in combined.terminal(several, color=True, width=100)
    assert all(len(line) <= 60 for line in combined.terminal(several, color=False, width=60).splitlines())


def test_junit_counts_all_contracts(several: Reports) -> None:
    root = ET.fromstring(combined_junit.render(several))
    cases = list(root.iter("testcase"))
    assert int(root.get("tests", "")) == len(cases)
    for tag, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert int(root.get(attribute, "")) == sum(case.find(tag) is not None for case in cases)
    names = [suite.get("name", "") for suite in root]
    assert len(set(names)) == len(names)
    assert {name.partition(" ")[0] for name in names} == {"churn", "taxi", "fraud", "risk"}


def test_junit_is_red_for_a_contract_that_was_not_judged() -> None:
    root = ET.fromstring(combined_junit.render(Reports("mlval", (UNTOUCHED, INVALID))))
    assert (root.get("errors"), root.get("skipped")) == ("1", "1")
    error = root.find(".//error")
    assert error is not None
    assert "no such key" in (error.text or "")
